using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// A case as the holder of its tracking code reads it. A merged case is read as the case it continues in, without anything
/// another caller wrote or sent.
/// </summary>
public sealed class CallerQueries(Database database, JournalQueries journal, Roster roster, ProcedureBook procedures, CallerStory story)
{
    /// <summary>The case of a code and, if it was merged, the one it continues in; null for an unknown code.</summary>
    internal async Task<(WhistleCall Own, WhistleCall? Leading)?> FindAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        await using var db = database.Context();
        if (await db.DataKeys.FindAsync(CallRow.TrackingColumn, code, stored => Sight.OfTheEngine.CasesIn(db).Where(c => c.Tracking == stored).Select(c => c.Body).FirstOrDefaultAsync(ct), ct) is not { } body) return null;
        return await WithLeadingAsync(CallJson.Read(body), ct);
    }

    /// <summary>The case as whoever has the caller's link for their family sees it: steps and promised times, and nothing else of it; null for an unknown code.</summary>
    public async Task<TrackedCall?> SharedAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        await using var db = database.Context();
        if (await db.DataKeys.FindAsync(ShareRow.CodeColumn, code, stored => db.Shares.AsNoTracking().Where(s => s.Code == stored).Select(s => s.CallNo).FirstOrDefaultAsync(ct), ct) is not { } no) return null;
        if (await CaseQueries.FindAsync(database, Sight.OfTheEngine, no, ct) is not { } found) return null;
        var (own, leading) = await WithLeadingAsync(found, ct);
        return leading is null ? View(own) : Together(own, leading);
    }

    /// <summary>Reports in one list.</summary>
    public const int MostReported = 50;

    /// <summary>What came by a personal link, newest first: each case as its caller sees it, without its words, and its code; and how many there are.</summary>
    internal async Task<(IReadOnlyList<(TrackedCall Call, string Code)> Shown, int All)> ReportedAsync(string bearer, CancellationToken ct)
    {
        await using var db = database.Context();
        var reports = db.Reports;
        var mine = Sight.OfTheEngine.CasesIn(db).Where(c => reports.Any(r => r.CallNo == c.No && r.Bearer == bearer));
        var rows = await mine.OrderByDescending(c => c.OpenedAt).ThenByDescending(c => c.No).Take(MostReported).Select(c => new { c.Body, c.Tracking }).ToListAsync(ct);
        var shown = new List<(TrackedCall, string)>();
        foreach (var row in rows)
        {
            var (own, leading) = await WithLeadingAsync(CallJson.Read(row.Body), ct);
            shown.Add(((leading is null ? View(own) : Together(own, leading)) with { Waits = story.Waits(leading ?? own) }, db.DataKeys.Decrypt(row.Tracking)));
        }

        return (shown, rows.Count < MostReported ? rows.Count : await mine.CountAsync(ct));
    }

    private async Task<(WhistleCall Own, WhistleCall? Leading)> WithLeadingAsync(WhistleCall own, CancellationToken ct) =>
        (own, own.State is CallState.Merged merged ? await CaseQueries.FindAsync(database, Sight.OfTheEngine, merged.Into.Value, ct) : null);

    /// <summary>The case as its caller sees it; null for an unknown code.</summary>
    /// <param name="signedIn">Whoever is signed in on the device that uses the code: they are not asked to rate their own work.</param>
    public async Task<TrackedCall?> TrackAsync(string code, CancellationToken ct, Staff? signedIn = null)
    {
        if (await FindAsync(code, ct) is not var (own, leading)) return null;
        var shown = leading is null ? View(own) : Together(own, leading);
        var by = signedIn?.Post;
        if (own.MayNotEvaluate(by) is not null || (by is not null && leading?.HasPartOf(by) == true)) shown = shown with { CanEvaluate = false };
        var history = await journal.OfCallAsync(own.No.Value, ct);
        var further = leading is null ? [] : await journal.OfCallAsync(leading.No.Value, ct);
        await using var db = database.Context();
        return shown with
        {
            Told = story.Tell(own, history, further, await ToldAsync(db, own, leading, ct)),
            Waits = story.Waits(leading ?? own),
            Said = await SaidAsync(db, own, leading, leading is null ? history : further, ct),
            Phone = Masked.Phone((await db.CallerAsync(own.No.Value, ct))?.Phone),
            CanMendPhone = MayMendPhone(own, leading) ? true : null,
            Looks = await LookQueries.OfCallerAsync(db, roster, own.No.Value, leading is null || history.Count == 0 ? null : (leading.No.Value, history[^1].At), ct),
            Erasure = await HeldQueries.OfAsync(db, own.No.Value, ct),
            Children = own.Children.IsEmpty ? null : await ChildrenAsync(db, own, ct),
            Matters = own.Children.IsEmpty ? null : await MattersAsync(db, own, ct),
            Reason = own.State is CallState.Declined ? await WordsAsync(db, own, ct) : null,
        };
    }

    /// <summary>The photos of the caller's own part, before and after the work; none from another case it continues in.</summary>
    public async Task<List<CallPhoto>?> PhotosAsync(string code, CancellationToken ct) =>
        await FindAsync(code, ct) is var (own, leading) ? [.. (await PhotosAsync(own, leading, ct)).Select(PhotoStore.Shown)] : null;

    public async Task<KeptPhoto?> PhotoAsync(string code, string id, bool small, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not var (own, leading) || (await PhotosAsync(own, leading, ct)).Find(p => p.Id == id) is not { } photo) return null;
        await using var db = database.Context();
        return await PhotoStore.ReadAsync(db, photo.CallNo!, id, small, ct);
    }

    private async Task<List<PhotoRow>> PhotosAsync(WhistleCall own, WhistleCall? leading, CancellationToken ct)
    {
        await using var db = database.Context();
        var photos = await PhotoStore.RowsAsync(db, own.No.Value, ct);
        if (photos.Count > 0)
        {
            var others = Parts(await journal.OfCallAsync(own.No.Value, ct), null);
            photos.RemoveAll(p => p.Version is { } version && others.Contains(version));
        }

        if (leading is null) return photos;
        var mine = Parts(await journal.OfCallAsync(leading.No.Value, ct), own.No);
        photos.AddRange((await PhotoStore.RowsAsync(db, leading.No.Value, ct)).Where(p => p.Version is { } version && mine.Contains(version)));
        return photos;
    }

    /// <summary>What callers were told, on their own case and on the one it continues in.</summary>
    private static async Task<Dictionary<(string No, int Version), string>> ToldAsync(DispatchDb db, WhistleCall own, WhistleCall? leading, CancellationToken ct)
    {
        var numbers = leading is null ? new[] { own.No.Value } : [own.No.Value, leading.No.Value];
        return (await db.Words.Where(w => numbers.Contains(w.CallNo) && w.Kind == CallerStory.Words).OrderByDescending(w => w.At).Take(CallerStory.Most).ReadAsync(db, ct)).ToDictionary(w => (w.CallNo, w.Version), w => w.Words);
    }

    /// <summary>What the caller wrote, on their own case and on the one it continues in. What an officer recorded for them (phone, counter) counts as theirs.</summary>
    private static async Task<List<SaidLine>> SaidAsync(DispatchDb db, WhistleCall own, WhistleCall? leading, List<JournalEntry> history, CancellationToken ct)
    {
        string[] kinds = ["description", "note", "evaluation"];
        var numbers = leading is null ? new[] { own.No.Value } : [own.No.Value, leading.No.Value];
        var words = await db.Words.Where(w => numbers.Contains(w.CallNo) && kinds.Contains(w.Kind)).OrderBy(w => w.At).ThenBy(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        var parts = Parts(history, leading is null ? null : own.No);
        var told = own.Source is Source.Phone or Source.Counter;
        bool IsTheirs(Written w) => w.CallNo != own.No.Value ? w.ByPost == JournalEntry.ByCaller && parts.Contains(w.Version)
            : w.Kind == "description" && told ? true
            : w.ByPost == JournalEntry.ByCaller && (leading is not null || !parts.Contains(w.Version));
        return [.. words.Where(IsTheirs).Select(w => new SaidLine(w.At, w.Kind, w.Words))];
    }

    /// <summary>The versions of a case caused by the caller of a joined one: of the given one, or of any if none is given.</summary>
    private static HashSet<int> Parts(List<JournalEntry> history, CallNo? of) =>
        [.. history.Where(e => e.Detail.Any(d => d is Detail.Of { No: var no } && (of is null || no == of))).Select(e => e.Version)];

    /// <summary>A child is shown only to its parent's own caller: its page is theirs.</summary>
    private static async Task<List<ChildLine>> ChildrenAsync(DispatchDb db, WhistleCall own, CancellationToken ct)
    {
        string[] numbers = [.. own.Children.Select(c => c.Value)];
        var rows = await Sight.OfTheEngine.CasesIn(db).Where(c => numbers.Contains(c.No)).OrderBy(c => c.No).ToListAsync(ct);
        return [.. rows.Select(row => new ChildLine(row.No, CallJson.Read(row.Body).Category, row.State, $"/t/{db.DataKeys.Decrypt(row.Tracking)}"))];
    }

    /// <summary>The matters among its children that are for this caller: nobody else is named in them, or somebody with the same phone. Null if there are none.</summary>
    private async Task<List<ChildMatter>?> MattersAsync(DispatchDb db, WhistleCall own, CancellationToken ct)
    {
        string[] numbers = [.. own.Children.Select(c => c.Value).Where(no => !CaseQueries.IsWhistle(no))];
        if (numbers.Length == 0) return null;
        var rows = await Sight.OfTheEngine.MattersIn(db).Where(m => numbers.Contains(m.No)).OrderBy(m => m.No).ToListAsync(ct);
        var people = await db.CallersAsync([own.No.Value, .. numbers], ct);
        var phone = people.GetValueOrDefault(own.No.Value)?.Phone;
        var theirs = rows.Where(row => !people.TryGetValue(row.No, out var named) || (named.Phone is { } theirNumber && phone is not null && Phones.OneForm(theirNumber) == Phones.OneForm(phone)))
            .Select(row => (Row: row, Matter: ProceedingJson.Read(row.Body)))
            .Select(one => (one.Row, Procedure: procedures.Current.Of(one.Matter.Procedure, one.Matter.ProcedureVersion)))
            .Where(one => one.Procedure.HasCaller)
            .Select(one => new ChildMatter(one.Row.No, new Named(one.Procedure.Code, one.Procedure.Name, one.Procedure.NameEn), one.Row.IsOpen, $"/f/{db.DataKeys.Decrypt(one.Row.Tracking)}")).ToList();
        return theirs.Count > 0 ? theirs : null;
    }

    /// <summary>The text that came with the last change.</summary>
    private static async Task<string?> WordsAsync(DispatchDb db, WhistleCall call, CancellationToken ct) =>
        (await db.Words.Where(w => w.CallNo == call.No.Value && w.Version == call.Version).Take(1).ReadAsync(db, ct)).FirstOrDefault()?.Words;

    /// <summary>并案: the caller still sees a case under the number of their own whistle, and acts on their own part of it.</summary>
    private TrackedCall Together(WhistleCall own, WhistleCall leading)
    {
        var view = View(leading);
        return view with
        {
            CallNo = own.No.Value, Version = own.Version + leading.Version, Category = own.Category, Grid = own.Grid.Value, Station = own.Station?.Value, OpenedAt = own.OpenedAt,
            Guide = Cards.GuideOf(own, roster), GuidePhone = story.PhoneOf(Cards.GuideOf(own, roster)), Together = true, Withdrew = null, NoRating = own.HasCaller ? null : true, CanWithdraw = MayWithdraw(leading), CanEvaluate = MayEvaluate(own, leading),
            EvaluateBy = MayEvaluate(own, leading) && leading.State is CallState.Verified verified ? verified.Evaluate.Due : null,
        };
    }

    /// <summary>The number belongs to the whistle that came from a caller: not to what was reported on duty, nor to the work that was left over.</summary>
    private static bool MayMendPhone(WhistleCall own, WhistleCall? leading) => own is { HasCaller: true, Parent: null, CallerWithdrew: false } && (leading ?? own).IsOpen;

    internal static bool MayWithdraw(WhistleCall call) => call.State is CallState.Ringing or CallState.Accepted or CallState.OnScene or CallState.HandedUp;

    private static bool MayEvaluate(WhistleCall own, WhistleCall leading) =>
        own.HasCaller && leading.State is CallState.Verified or CallState.Closed { Ending: Ending.Rated } && leading.Joined.Contains(own.No) && !leading.Evaluated.Contains(own.No);

    private TrackedCall View(WhistleCall call)
    {
        var card = Cards.Of(call);
        return new TrackedCall
        {
            CallNo = card.CallNo,
            Version = card.Version,
            Category = card.Category,
            Level = card.Level,
            State = card.State,
            Grid = card.Grid,
            Station = card.Station,
            OpenedAt = card.OpenedAt,
            Steps = [.. card.Answers.Where(answer => answer.Kind != "help")], // told when it comes; nothing is promised about it
            Lead = card.Lead,
            Guide = Cards.GuideOf(call, roster),
            GuidePhone = story.PhoneOf(Cards.GuideOf(call, roster)),
            Overdue = call.Supervised,
            Withdrew = call.CallerWithdrew ? true : null,
            CanWithdraw = MayWithdraw(call) && !call.CallerWithdrew,
            CanEvaluate = call.HasCaller && call.State is CallState.Verified && !call.CallerWithdrew,
            NoRating = call.HasCaller ? null : true,
            SuspendedUntil = call.Suspended?.Until,
            EvaluateBy = call is { HasCaller: true, CallerWithdrew: false, State: CallState.Verified verified } ? verified.Evaluate.Due : null,
        };
    }
}
