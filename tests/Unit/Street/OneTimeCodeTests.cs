using System.Text;
using DispatchCenter.Hub.Features.People;
using OtpNet;

namespace DispatchCenter.Unit.Street;

/// <summary>Codes as RFC 6238 says, and what people type as one.</summary>
public sealed class OneTimeCodeTests
{
    private static readonly string Secret = Base32Encoding.ToString(Encoding.ASCII.GetBytes("12345678901234567890"));

    /// <summary>RFC 6238, appendix B, SHA-1; of its eight digits an app shows the last six.</summary>
    [Theory]
    [InlineData(59, "94287082", 0x1)]
    [InlineData(1_111_111_109, "07081804", 0x23523EC)]
    [InlineData(1_111_111_111, "14050471", 0x23523ED)]
    [InlineData(1_234_567_890, "89005924", 0x273EF07)]
    [InlineData(2_000_000_000, "69279037", 0x3F940AA)]
    [InlineData(20_000_000_000, "65353130", 0x27BC86AA)]
    public void The_codes_of_the_standard_are_taken_at_their_step(long seconds, string code, long step) =>
        Assert.Equal(step, OneTimeCode.StepOf(Secret, code[2..], DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_clock_may_differ_by_one_step_either_way(int off, bool isTaken) =>
        Assert.Equal(isTaken ? 0x273EF07 : null, OneTimeCode.StepOf(Secret, "005924", DateTimeOffset.FromUnixTimeSeconds(1_234_567_890 + off)));

    [Theory]
    [InlineData("005925")]
    [InlineData("05924")]
    [InlineData("89005924")]
    [InlineData("")]
    public void Anything_else_is_no_code(string code) => Assert.Null(OneTimeCode.StepOf(Secret, code, DateTimeOffset.FromUnixTimeSeconds(1_234_567_890)));

    [Theory]
    [InlineData(" 005 924 ", "005924")]
    [InlineData("００５９２４", "005924")]
    [InlineData("1234-5678-9012-3456", "1234567890123456")]
    [InlineData("\ud800", "")]
    [InlineData("no code", "")]
    [InlineData(null, "")]
    public void What_a_keyboard_adds_is_left_out(string? typed, string plain) => Assert.Equal(plain, OneTimeCode.Plain(typed));

    [Fact]
    public void What_is_too_long_is_not_read() => Assert.Equal(string.Empty, OneTimeCode.Plain(new string('1', OneTimeCode.LongestTyped + 1)));

    [Fact]
    public void A_secret_holds_160_bits_and_is_never_the_same()
    {
        var (one, other) = (OneTimeCode.NewSecret(), OneTimeCode.NewSecret());
        Assert.Equal(OneTimeCode.SecretBytes, Base32Encoding.ToBytes(one).Length);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void An_app_is_told_account_and_issuer() =>
        Assert.Equal("otpauth://totp/Street%20One:%E7%8E%8B?secret=ABC&issuer=Street%20One", OneTimeCode.AddressOf("Street One", "王", "ABC"));
}
