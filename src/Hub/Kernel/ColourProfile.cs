using System.Buffers.Binary;
using System.Text;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// Colour profiles (ICC.1:2022). Of a profile that describes a screen by its three primaries, as cameras and phones write them, only the numbers are kept, in a
/// profile made anew: names, dates, makers and texts go. Any other profile is dropped, and the picture then counts as sRGB.
/// </summary>
internal static class ColourProfile
{
    /// <summary>In bytes: three curves of 4,096 entries fit.</summary>
    public const int Largest = 32 * 1024;

    private const int HeaderLength = 128, EntryLength = 12, TagsAt = HeaderLength + 4;

    /// <summary>How many numbers each kind of parametric curve has (10.18).</summary>
    private static readonly int[] Parameters = [1, 3, 4, 5, 7];

    private static readonly (string Tag, bool IsNeeded)[] Kept = [("wtpt", true), ("chad", false), ("rXYZ", true), ("gXYZ", true), ("bXYZ", true), ("rTRC", true), ("gTRC", true), ("bTRC", true)];

    /// <summary>The profile with nothing in it but its numbers; null if it is of another kind, too large, or broken.</summary>
    public static byte[]? Clean(ReadOnlySpan<byte> profile)
    {
        if (profile.Length is < TagsAt or > Largest || !profile[16..].StartsWith("RGB XYZ "u8) || !profile[36..].StartsWith("acsp"u8)) return null;
        var count = BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]);
        if (count > (profile.Length - TagsAt) / EntryLength) return null;
        var tags = new List<(string Tag, byte[] Data)> { ("desc", Named(profile[8])), ("cprt", Named(profile[8], "text")) };
        foreach (var (tag, isNeeded) in Kept)
        {
            var data = Find(profile, (int)count, tag);
            if (IsOnlyNumbers(data)) tags.Add((tag, data.ToArray()));
            else if (isNeeded) return null;
        }

        return Made(profile, tags);
    }

    /// <summary>The data of a tag; empty if there is none, or it lies outside.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> profile, int count, string tag)
    {
        for (var i = 0; i < count; i++)
        {
            var entry = profile.Slice(TagsAt + (i * EntryLength), EntryLength);
            if (Encoding.ASCII.GetString(entry[..4]) != tag) continue;
            var (from, size) = (BinaryPrimitives.ReadUInt32BigEndian(entry[4..]), BinaryPrimitives.ReadUInt32BigEndian(entry[8..]));
            return from >= HeaderLength && (long)from + size <= profile.Length ? profile.Slice((int)from, (int)size) : [];
        }

        return [];
    }

    /// <summary>Whether the data of a tag is as long as its type says, so that nothing hides behind the numbers.</summary>
    private static bool IsOnlyNumbers(ReadOnlySpan<byte> data)
    {
        if (data.Length < 12) return false;
        var kind = BinaryPrimitives.ReadUInt16BigEndian(data[8..]);
        return Encoding.ASCII.GetString(data[..4]) switch
        {
            "XYZ " => data.Length == 8 + (3 * 4),
            "sf32" => data.Length == 8 + (9 * 4),
            "curv" => data.Length == 12 + (2L * BinaryPrimitives.ReadUInt32BigEndian(data[8..])),
            "para" => kind < Parameters.Length && data.Length == 12 + (4 * Parameters[kind]),
            _ => false,
        };
    }

    /// <summary>The name and the rights, which a profile must have: one letter, in the type of its version.</summary>
    private static byte[] Named(byte version, string before4 = "desc") => version switch
    {
        >= 4 => [.. "mluc"u8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 12, .. "enUS"u8, 0, 0, 0, 2, 0, 0, 0, 28, 0, (byte)'-'],
        _ when before4 == "text" => [.. "text"u8, 0, 0, 0, 0, (byte)'-', 0],
        _ => [.. "desc"u8, 0, 0, 0, 0, 0, 0, 0, 2, (byte)'-', 0, .. new byte[4 + 4 + 2 + 1 + 67]],
    };

    private static byte[] Made(ReadOnlySpan<byte> profile, List<(string Tag, byte[] Data)> tags)
    {
        var at = TagsAt + (tags.Count * EntryLength);
        var made = new byte[at + tags.Sum(tag => Padded(tag.Data.Length))];
        BinaryPrimitives.WriteInt32BigEndian(made, made.Length);
        profile[8..10].CopyTo(made.AsSpan(8)); // the version
        "mntrRGB XYZ "u8.CopyTo(made.AsSpan(12));
        made[25] = made[27] = made[29] = 1; // a date that says nothing
        "acsp"u8.CopyTo(made.AsSpan(36));
        profile[68..80].CopyTo(made.AsSpan(68)); // the illuminant
        BinaryPrimitives.WriteInt32BigEndian(made.AsSpan(HeaderLength), tags.Count);
        foreach (var (i, (tag, data)) in tags.Index())
        {
            var entry = made.AsSpan(TagsAt + (i * EntryLength), EntryLength);
            Encoding.ASCII.GetBytes(tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], at);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], data.Length);
            data.CopyTo(made, at);
            at += Padded(data.Length);
        }

        return made;
    }

    private static int Padded(int length) => (length + 3) & ~3;
}
