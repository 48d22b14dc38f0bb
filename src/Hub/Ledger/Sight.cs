using System.Data.Common;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// What somebody may read of the cases and their journal: one value, made of the account, as a predicate and as SQL. Outside the ledger nothing else leads to
/// either table; what was hidden from the asker, and what hangs on it, is in no answer to any question.
/// </summary>
public sealed class Sight
{
    /// <summary>For <see cref="Database"/> commands: not hidden from the post @sight, which has taken itself out of what the column names.</summary>
    internal const string NotHidden = "(recused IS NULL OR replace(recused, @sight, '') = recused)";

    private static readonly Post StreetEyes = new(new PostId("street"), PostKind.StreetDesk);

    private Sight(Post? eyes, CommunityCode? own) => (Eyes, Own) = (eyes, own);

    /// <summary>
    /// All there is. For what counts, tells or sends for the street, or is led to a case by a code, and shows nobody a case by itself; a test holds the list of
    /// those who use it.
    /// </summary>
    public static Sight OfTheEngine { get; } = new(null, null);

    /// <summary>Whose eyes; null for the engine.</summary>
    public Post? Eyes { get; }

    /// <summary>The community whose past cases and figures alone are shown; null for the street's.</summary>
    public CommunityCode? Own { get; }

    /// <summary>The cases as a table: <c>FROM {Cases} c</c>. Give the command what it names with <see cref="Bind"/>.</summary>
    public string Cases => Eyes is null ? "calls" : $"(SELECT * FROM calls WHERE {NotHidden})";

    /// <summary>Entries j beside their cases c, as they are now.</summary>
    public string EntriesAndCases => $"journal j JOIN {Cases} c ON c.no = j.call_no";

    /// <summary>The entries of a case that the query has in sight already, as a table and its condition.</summary>
    /// <param name="cases">What the query calls the case.</param>
    /// <param name="entries">What it is to call the entries.</param>
    public static string EntriesOf(string cases, string entries) => $"journal {entries} WHERE {entries}.call_no = {cases}.no";

    /// <summary>Of an account: the street's desks, leaders, auditors and walls see the street, a community and a team what is theirs, and nobody what the own post has taken itself out of.</summary>
    public static Sight Of(Staff who) => new(EyesOf(who), who.Role == Role.Community ? who.Post!.Community ?? new CommunityCode(string.Empty) : null);

    /// <summary>Of a post, whoever holds it.</summary>
    public static Sight Of(Post post) => new(post, post.Kind == PostKind.CommunityDesk ? post.Community : null);

    /// <summary>The eyes of an account for a board: the community's or the street's, but for what the own post has taken itself out of.</summary>
    private static Post EyesOf(Staff who) => who.Role == Role.Community ? who.Post! : who.Post is { } post ? StreetEyes with { Id = post.Id } : StreetEyes;

    /// <summary>Whether a post may see a case: it is in its audience, or may verify it.</summary>
    private static bool MaySee(WhistleCall call, Post post) =>
        !call.Recusal.Covers(post) && (call.Audience.Includes(post) || (post.Kind == PostKind.GridWorker && call.State is CallState.Resolved));

    /// <summary>Whether the list for everybody may show a case. Nothing else can be joined: who joins follows its steps.</summary>
    internal static bool IsShownToAll(WhistleCall call) =>
        call is { Drill: false, State: CallState.Ringing or CallState.Accepted or CallState.OnScene or CallState.HandedUp } && call.Recusal == Recusal.None;

    /// <summary>A post as the cases' column names it.</summary>
    internal static string MarkOf(Post post) => $",{post.Id},";

    /// <summary>Whether a case is hidden: by its post, its kind of post, or all that it is a party of.</summary>
    internal bool Hides(WhistleCall call) => Eyes is { } eyes && call.Recusal.Covers(eyes);

    /// <summary>Gives a command the asker that <see cref="Cases"/> and the others name.</summary>
    public void Bind(DbCommand command)
    {
        if (Eyes is not { } eyes) return;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@sight", MarkOf(eyes));
        command.Parameters.Add(parameter);
    }

    /// <summary>The cases, read without tracking.</summary>
    public IQueryable<CallRow> CasesIn(DispatchDb db)
    {
        var all = db.Calls.AsNoTracking();
        if (Eyes is not { } eyes) return all;
        var mark = MarkOf(eyes);
        return all.Where(c => c.Recused == null || !c.Recused.Contains(mark));
    }

    /// <summary>The entries of what is in sight, read without tracking.</summary>
    public IQueryable<JournalRow> EntriesIn(DispatchDb db) => Eyes is null ? db.Journal.AsNoTracking() : db.Journal.AsNoTracking().Where(j => CasesIn(db).Any(c => c.No == j.CallNo));

    /// <summary>Whether a case is in sight: for posts, it is in their audience, or they may verify it.</summary>
    public bool Covers(WhistleCall call) => Eyes is not { } eyes || MaySee(call, eyes);
}
