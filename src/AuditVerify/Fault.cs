namespace DispatchCenter.AuditVerify;

/// <summary>What is wrong with a row, a link, or the copy as a whole.</summary>
public enum Wrong
{
    /// <summary>A row is not as its last leaf says.</summary>
    Changed,

    /// <summary>A row is gone, and no leaf says so.</summary>
    Removed,

    /// <summary>A row that no leaf knows.</summary>
    Added,

    /// <summary>A row was not what its leaf found it to be when it was next written: it had been changed past the chain in between.</summary>
    ChangedBefore,

    /// <summary>A link's signature is of none of the trusted keys.</summary>
    LinkChanged,

    /// <summary>A link is missing.</summary>
    LinkMissing,

    /// <summary>A link does not hold the hash of the one before: something was taken out, put in, or moved.</summary>
    LinkOutOfPlace,

    /// <summary>The end of the chain is not where it was noted, or where the head says.</summary>
    CutOff,

    /// <summary>The links of a day are not those whose root was published.</summary>
    DayChanged,

    /// <summary>The file itself is damaged, or holds what the server never makes.</summary>
    File,
}

/// <summary>One finding, named.</summary>
/// <param name="What">A table and a key, or a link: <c>calls W261129-00003</c>, <c>link 17</c>.</param>
public sealed record Fault(Wrong Wrong, string What, string Detail = "")
{
    public override string ToString() => $"{What}: {Words(Wrong)}{(Detail.Length > 0 ? $" ({Detail})" : string.Empty)}";

    private static string Words(Wrong wrong) => wrong switch
    {
        Wrong.Changed => "被改过 changed",
        Wrong.Removed => "被删掉 removed",
        Wrong.Added => "链里没有，是塞进来的 added past the chain",
        Wrong.ChangedBefore => "曾在链外被改过 had been changed past the chain",
        Wrong.LinkChanged => "被改过，签名不对 changed: its signature is of no trusted key",
        Wrong.LinkMissing => "缺失 missing",
        Wrong.LinkOutOfPlace => "接不上前一环 does not follow the link before",
        Wrong.CutOff => "末尾被截断或换过 the end was cut off or replaced",
        Wrong.DayChanged => "与公布的当日摘要不符 differs from the published root of the day",
        _ => "文件有问题 the file is damaged",
    };
}

/// <summary>The result of a verification.</summary>
/// <param name="Links">Links read.</param>
/// <param name="Rows">Rows compared.</param>
/// <param name="End">The last link and its hash, as <c>N:HASH</c>.</param>
/// <param name="More">Findings beyond the limit.</param>
public sealed record Report(IReadOnlyList<Fault> Faults, long Links, long Rows, string End, long More)
{
    public bool IsWhole => Faults.Count == 0;
}

/// <summary>What somebody brings from outside the database.</summary>
public sealed record Trust
{
    /// <summary>Public keys as PEM.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Fingerprints of public keys: SHA-256 of the SubjectPublicKeyInfo in hexadecimal. The keys themselves are then taken from the database.</summary>
    public IReadOnlyList<string> Fingerprints { get; init; } = [];

    /// <summary>Ends of the chain that were noted: number and hash of a link.</summary>
    public IReadOnlyList<(long Link, string Hash)> Ends { get; init; } = [];

    /// <summary>Published roots of days (Asia/Shanghai), in hexadecimal.</summary>
    public IReadOnlyList<(DateOnly Day, string Root)> Days { get; init; } = [];

    /// <summary>Whether to check the signature of every link. Those before the last are vouched for by its hash either way.</summary>
    public bool EverySignature { get; init; }

    /// <summary>Whether to leave out the check of the file's own structure.</summary>
    public bool Quick { get; init; }
}
