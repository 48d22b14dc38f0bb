using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// What someone may read of the cases and their journal: one value, derived from the account, as a predicate and as SQL. Outside the ledger there is no other
/// way to either table; a case hidden from the asker, and everything attached to it, appears in no answer to any query.
/// </summary>
public sealed class Sight
{
    /// <summary>For <see cref="Database"/> commands: not hidden from the post @sight, which has recused itself from the cases whose column names it.</summary>
    internal const string NotHidden = "(recused IS NULL OR replace(recused, @sight, '') = recused)";

    private static readonly Post StreetEyes = new(new PostId("street"), PostKind.StreetDesk);

    private Sight(Post? eyes, CommunityCode? own) => (Eyes, Own) = (eyes, own);

    /// <summary>
    /// Everything. For code that counts, tells or sends on behalf of the street, or is led to a case by a code, and that shows nobody a case on its own;
    /// a test holds the list of its users.
    /// </summary>
    public static Sight OfTheEngine { get; } = new(null, null);

    /// <summary>The asker's post; null for the engine.</summary>
    public Post? Eyes { get; }

    /// <summary>The only community whose past cases and figures are shown; null for the whole street.</summary>
    public CommunityCode? Own { get; }

    /// <summary>The cases as a table: <c>FROM {Cases} c</c>. <see cref="Bind"/> supplies its parameters.</summary>
    public string Cases => Eyes is null ? "calls" : $"(SELECT * FROM calls WHERE {NotHidden})";

    /// <summary>Entries j joined to their cases c in their current state.</summary>
    public string EntriesAndCases => $"journal j JOIN {Cases} c ON c.no = j.call_no";

    /// <summary>The entries of a case the query can already see, as a table and its condition.</summary>
    /// <param name="cases">The query's alias for the case.</param>
    /// <param name="entries">The alias to give the entries.</param>
    public static string EntriesOf(string cases, string entries) => $"journal {entries} WHERE {entries}.call_no = {cases}.no";

    /// <summary>Of an account: the street's desks, leaders, auditors and walls see the street; a community and a team see what is theirs; nobody sees what their own post is recused from.</summary>
    public static Sight Of(Staff who) => new(EyesOf(who), who.Role == Role.Community ? who.Post!.Community ?? new CommunityCode(string.Empty) : null);

    /// <summary>Of a post, whoever holds it.</summary>
    public static Sight Of(Post post) => new(post, post.Kind == PostKind.CommunityDesk ? post.Community : null);

    /// <summary>An account's eyes for a board: the community's or the street's, minus what its own post is recused from.</summary>
    private static Post EyesOf(Staff who) => who.Role == Role.Community ? who.Post! : who.Post is { } post ? StreetEyes with { Id = post.Id } : StreetEyes;

    /// <summary>Whether the public list may show a case. Only such a case can be joined, because whoever joins follows its steps.</summary>
    internal static bool IsShownToAll(WhistleCall call) =>
        call is { Drill: false, State: CallState.Ringing or CallState.Accepted or CallState.OnScene or CallState.HandedUp } && call.Recusal == Recusal.None;

    /// <summary>A post as the column of the cases names it.</summary>
    internal static string MarkOf(Post post) => $",{post.Id},";

    /// <summary>Whether a matter is hidden from the asker: from their post, their kind of post, or the party they belong to.</summary>
    internal bool Hides(IMatter matter) => Eyes is { } eyes && matter.Recusal.Covers(eyes);

    /// <summary>Binds the asker as the parameter that <see cref="Cases"/> and the others use.</summary>
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

    /// <summary>The matters of other kinds than whistles, read without tracking. Who may see one is up to <see cref="Covers(IMatter)"/>.</summary>
    public IQueryable<MatterRow> MattersIn(DispatchDb db)
    {
        var all = db.Matters.AsNoTracking().Where(m => m.Kind == MatterKindNames.Procedure);
        if (Eyes is not { } eyes) return all;
        var mark = MarkOf(eyes);
        return all.Where(m => m.Recused == null || !m.Recused.Contains(mark));
    }

    /// <summary>Of these, the open ones that may wait for the asker: for their kind of post, or for one of their posts.</summary>
    internal IQueryable<MatterRow> WaitingIn(DispatchDb db, Post post)
    {
        var kind = $"|{Names.Camel(post.Kind)}@";
        var open = MattersIn(db).Where(m => m.IsOpen);
        var numbers = post.Also.Append(post.Id).Select(id => $"|post:{id}|").Aggregate(open.Where(m => m.Asked!.Contains(kind)).Select(m => m.No), (some, one) => some.Union(open.Where(m => m.Asked!.Contains(one)).Select(m => m.No)));
        return open.Where(m => numbers.Contains(m.No));
    }

    /// <summary>The visible entries, read without tracking.</summary>
    public IQueryable<JournalRow> EntriesIn(DispatchDb db) => Eyes is null ? db.Journal.AsNoTracking() : db.Journal.AsNoTracking().Where(j => CasesIn(db).Any(c => c.No == j.CallNo));

    /// <summary>Whether the asker may see a matter of any kind: it is in the audience. How staff come to one by its number: <see cref="StaffSight"/>.</summary>
    public bool Covers(IMatter matter) => Eyes is not { } eyes || matter.Audience.Includes(eyes);
}
