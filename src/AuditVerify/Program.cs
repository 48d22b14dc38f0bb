using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using DispatchCenter.AuditVerify;

const string Usage = """
    核对一份数据库副本的审计链，逐一指出被改、被删、被塞、被截断的地方。 Verifies the audit chain of a copied database and names whatever was changed, removed, added or cut off.

      verify-audit FILE|"Host=…" --key PUBLIC.pem [--fingerprint HEX] [--head N:HASH|FILE] [--day YYYY-MM-DD=ROOT] [--every-signature] [--quick]

      --key              公钥文件，可多次给出。 A public key; may be given several times.
      --fingerprint      公布的公钥指纹；公钥取自副本。 The published fingerprint of the key; the key is taken from the copy.
      --head             另外记下的链尾，或服务器旁的 .chain 文件。 An end of the chain noted elsewhere, or the server's file .chain.
      --day              公布栏上的当日摘要。 A root from the notice board.
      --every-signature  逐环验签；默认由最后一环的签名和散列担保前面各环。 Checks each signature; by default the last one and the hashes vouch for those before.
      --quick            不查文件自身的结构。 Leaves out the check of the file's own structure.

    0 完整 whole · 1 有出入 something was found · 2 不能核对 cannot be verified
    """;

return Run(args);

static int Run(string[] args)
{
    try
    {
        if (args is [] or ["--help"]) throw new FormatException(Usage);
        var (file, trust) = Read(args);
        using var source = Source.Open(file);
        return Tell.Report(Verifier.Run(source, trust), Console.Out);
    }
    catch (Exception e) when (e is DbException or CryptographicException or IOException or UnauthorizedAccessException or FormatException or ArgumentException)
    {
        Console.Error.WriteLine(e.Message == Usage ? Usage : $"不能核对 cannot be verified: {e.Message}\n\n{Usage}");
        return 2;
    }
}

static (string File, Trust Trust) Read(string[] args)
{
    string? file = null;
    var trust = new Trust();
    for (var i = 0; i < args.Length; i++)
    {
        var at = i;
        string Next() => ++i < args.Length ? args[i] : throw new FormatException($"{args[at]} has no value.");
        switch (args[i])
        {
            case "--key":
                trust = trust with { Keys = [.. trust.Keys, File.ReadAllText(Next())] };
                break;
            case "--fingerprint":
                trust = trust with { Fingerprints = [.. trust.Fingerprints, Next()] };
                break;
            case "--head":
                trust = trust with { Ends = [.. trust.Ends, Tell.ReadEnd(Next())] };
                break;
            case "--day":
                var (day, root) = Next().Split('=') is [var left, var right] ? (left, right) : throw new FormatException("--day takes YYYY-MM-DD=ROOT.");
                trust = trust with { Days = [.. trust.Days, (DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), root.Replace(" ", string.Empty, StringComparison.Ordinal))] };
                break;
            case "--every-signature":
                trust = trust with { EverySignature = true };
                break;
            case "--quick":
                trust = trust with { Quick = true };
                break;
            case var option when option.StartsWith("--", StringComparison.Ordinal) || file is not null:
                throw new FormatException($"Unknown: {option}.");
            default:
                file = args[i];
                break;
        }
    }

    if (file is null) throw new FormatException("Name the copy.");
    if (!file.Contains("Host=", StringComparison.OrdinalIgnoreCase) && !File.Exists(file)) throw new FileNotFoundException($"There is no file {file}.");
    if (trust is { Keys.Count: 0, Fingerprints.Count: 0 }) throw new FormatException("Name a key or a fingerprint: a copy does not vouch for itself.");
    return (file, trust);
}
