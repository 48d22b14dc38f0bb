using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Features.Reach;

namespace DispatchCenter.Unit.Reach;

/// <summary>The published example of RFC 8291 (section 5 and appendix A), byte by byte.</summary>
public sealed class PushCipherTests
{
    private const string Public = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", Secret = "BTBZMqHH6r4Tts7J_aSIgg",
        OwnPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", OwnPublic = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8", Salt = "DGv6ra1nlYgDCS1FRnbzlw",
        Plain = "When I grow up, I want to be a watermelon",
        Made = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void The_example_is_encrypted_as_it_is_published()
    {
        var point = Base64Url.DecodeFromChars(OwnPublic);
        using var own = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(OwnPrivate), Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        var to = PushKeys.Of(Base64Url.DecodeFromChars(Public), Base64Url.DecodeFromChars(Secret))!;
        Assert.Equal(Made, Base64Url.EncodeToString(PushCipher.Encrypt(to, Encoding.UTF8.GetBytes(Plain), own, Base64Url.DecodeFromChars(Salt), Plain.Length)));
    }

    [Fact]
    public void A_message_has_one_length_whatever_it_says_and_one_too_long_is_a_mistake()
    {
        var to = PushKeys.Of(Base64Url.DecodeFromChars(Public), Base64Url.DecodeFromChars(Secret))!;
        Assert.Equal(PushCipher.Encrypt(to, "a"u8).Length, PushCipher.Encrypt(to, new byte[PushCipher.Padded]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => PushCipher.Encrypt(to, new byte[PushCipher.Padded + 1]));
        Assert.NotEqual(PushCipher.Encrypt(to, "a"u8), PushCipher.Encrypt(to, "a"u8)); // another key and salt each time
    }

    [Fact]
    public void What_is_no_point_of_the_curve_is_no_key()
    {
        var (good, secret) = (Base64Url.DecodeFromChars(Public), Base64Url.DecodeFromChars(Secret));
        Assert.NotNull(PushKeys.Of(good, secret));
        Assert.Null(PushKeys.Of([.. good[..64], (byte)(good[64] ^ 1)], secret));
        Assert.Null(PushKeys.Of(good[..64], secret));
        Assert.Null(PushKeys.Of([2, .. good[1..]], secret));
        Assert.Null(PushKeys.Of(good, secret[..15]));
    }
}
