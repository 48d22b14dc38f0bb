using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Who looked at what, by the kind of their post.</summary>
public static class LookQueries
{
    /// <summary>A case was found by its caller's telephone number or by words.</summary>
    public const string Searched = "search";

    /// <summary>A look at everything that is held of somebody.</summary>
    public const string Held = "held";

    /// <summary>A closed field of the register was looked up for one of its purposes.</summary>
    public const string LookedUp = "lookup";

    /// <summary>Everything that can be looked at; each has a word on the auditor's page.</summary>
    public static readonly IReadOnlyList<string> All = ["detail", "contact", "photo", Held];

    /// <summary>How matters name a party; whistles name the answer that it owes.</summary>
    private const string PartyPrefix = "party:";

    /// <summary>The kind of a post as people are told: never the post itself, and never who holds it.</summary>
    public static string KindOf(Roster roster, string by) =>
        by is JournalEntry.ByCaller or JournalEntry.ByClock ? by
        : by.StartsWith(Summons.Prefix, StringComparison.Ordinal) || by.StartsWith(PartyPrefix, StringComparison.Ordinal) ? "party"
        : by.Length == 0 ? "system"
        : roster.FindPost(by) is { } post ? Names.Camel(post.Kind) : "post";

    /// <summary>Who took a home's consent, by the kind of their post; caller if it came through the household's own link.</summary>
    internal static string TakenBy(Roster roster, string post) => post.Length == 0 ? JournalEntry.ByCaller : KindOf(roster, post);

    /// <summary>The looks at a caller's own case, and at what they see of the case in which it continues since then, newest first.</summary>
    internal static async Task<List<LookLine>> OfCallerAsync(DispatchDb db, Roster roster, string no, (string No, DateTimeOffset Since)? further, CancellationToken ct)
    {
        var (other, since) = further is var (leading, from) ? (leading, from) : (no, DateTimeOffset.MinValue);
        var rows = await db.Reads.AsNoTracking().Where(r => r.CallNo == no || (r.CallNo == other && r.At >= since && r.Looked != "contact" && r.Looked != Held && r.Looked != Searched))
            .OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Take(TrackedCall.LooksLimit).ToListAsync(ct);
        return [.. rows.Select(r => new LookLine(r.At, KindOf(roster, r.Post), r.Looked))];
    }
}
