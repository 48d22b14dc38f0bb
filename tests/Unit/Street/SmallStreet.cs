using System.Text;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Street;

/// <summary>The files of a sound little street of two communities, to be spoilt one at a time.</summary>
public sealed class SmallStreet
{
    public const string West = "35.0 121.0;35.0 121.01;35.01 121.01;35.01 121.0";
    public const string East = "35.0 121.01;35.0 121.02;35.01 121.02;35.01 121.01";

    private readonly Dictionary<string, byte[]> _files = new()
    {
        ["street.csv"] = Utf8("name,name_en\n试验街道,Test Street\n"),
        ["communities.csv"] = Utf8("code,name,name_en\n01,东风,East Wind\n02,西风,West Wind\n"),
        ["grids.csv"] = Utf8($"code,name,name_en,community,outline\n001,甲,A,01,{West}\n002,乙,B,02,{East}\n"),
        ["teams.csv"] = Utf8("code,name,name_en,community,grids\n01,一队,One,01,001\n02,二队,Two,02,002\n"),
        ["stations.csv"] = Utf8("code,name,name_en,grid\n01,驿站,Station,001\n"),
    };

    public SmallStreet With(string file, string text) => With(file, Utf8(text));

    public SmallStreet With(string file, byte[] bytes)
    {
        _files[file] = bytes;
        return this;
    }

    /// <summary>Adds a line to a file.</summary>
    public SmallStreet Plus(string file, string line) => With(file, [.. _files[file], .. Utf8(line + "\n")]);

    public SmallStreet Without(string file)
    {
        _files.Remove(file);
        return this;
    }

    public StreetImport Read(StreetCodes? known = null) => StreetFiles.Read(file => _files.TryGetValue(file, out var bytes) ? new MemoryStream(bytes) : null, known);

    public StreetImport.Taken Take(StreetCodes? known = null) => Assert.IsType<StreetImport.Taken>(Read(known));

    public StreetImport.Refused Refuse() => Assert.IsType<StreetImport.Refused>(Read());

    public static GeoPoint[] Ring(string outline) =>
        [.. outline.Split(';').Select(p => p.Split(' ')).Select(p => new GeoPoint(double.Parse(p[0]), double.Parse(p[1])))];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
