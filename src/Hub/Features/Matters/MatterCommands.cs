using System.Collections.Immutable;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Actor = DispatchCenter.Domain.Matters.Actor;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>What staff do to matters. The matter decides.</summary>
public sealed class MatterCommands(DispatchDesk desk, Database database, StaffSight sight, JournalQueries journal, StreetBook streets, ProcedureBook procedures, Roster roster, MatterWorlds worlds)
{
    /// <summary>How long a party's link is valid.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(30);

    /// <summary>Opens a matter; the posts that may are in its procedure.</summary>
    public async Task<Outcome<MatterReceipt>> OpenAsync(Staff who, MatterRequest request, string? idempotencyKey, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (request.Procedure is null || procedures.Current.Find(request.Procedure) is not { } procedure) return new(Outcome.Of("procedure_unknown"));
        if (Callouts.IsOne(procedure.Code)) return new(Outcome.Of("callout_elsewhere"));
        if (procedure.Code == Correction.Procedure) return new(Outcome.Of("correction_elsewhere"));
        if (!procedure.Starters.Contains(post.Kind)) return new(Outcome.Of(Codes.NotEntitled));
        if (!worlds.Of(procedure).OnDuty.Contains(post.Id)) return new(Outcome.Of(Codes.NotOnDuty));
        var at = PlaceOf(procedure, request);
        if (at.Value is not { } place) return new(at);
        var form = MatterForms.Check(procedure.FindForm(procedure.Opening), request.Form, null, null, request.Anyway is true);
        if (form.Value is not { } filled) return new(form);
        if (Texts.Check(request.Contact?.Name, Texts.NameLimit, "name", out var name) is { } tooLong) return new(tooLong);
        var phone = Phones.OfPerson(request.Contact?.Phone);
        if (phone is null && !string.IsNullOrWhiteSpace(request.Contact?.Phone)) return new(Outcome.Of("phone_invalid"));
        if (phone is { IsUnusual: true } && request.Anyway is not true) return new(Outcome.Of(Phones.Unusual));
        if (!procedure.HasCaller && (name.Length > 0 || phone is not null)) return new(Outcome.Of("matter_no_caller"));
        var origin = request.Parent is not null ? Origin.Case : Names.Parse<Origin>(request.Origin ?? "staff");
        if (origin is not { } from || (from == Origin.Case && request.Parent is null)) return new(Outcome.Of("origin_unknown"));
        if (request.Parent is { } parent && await sight.RefusalAsync(who, parent, ct) is { } hidden) return new(hidden);
        var choice = ChosenOf(procedure, request);
        if (choice.Value is not { } chosen) return new(choice);
        if (chosen.Values.SelectMany(p => p).Any(id => !worlds.Of(procedure).Held.Any(p => p.Id == id))) return new(Outcome.Of(Codes.TeamUnknown));
        if (!Keys.TryMake(idempotencyKey, who, "matter", request, ContractsJson.Default.MatterRequest, out var key)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        var begin = new DeskRequest.Begin(procedure.Code, post, place.Community, place.Grid, from, filled, new Caller(name.Length > 0 ? name : null, phone?.Number, null, null, null))
        {
            Parent = request.Parent is { } of ? new CallNo(of) : null, Drill = request.Drill is true, Chosen = chosen,
        };
        return await desk.Submit(begin, key) switch
        {
            DeskReply.Done { Matter: Proceeding made } done => new MatterReceipt(made.No.Value, procedure.HasCaller ? done.Tracking : null, procedure.HasCaller ? $"/f/{done.Tracking}" : null, made.Promise?.Due) { PhoneNoText = phone is { TakesText: false } ? true : null },
            var reply => Replies.Of(reply).As<MatterReceipt>(),
        };
    }

    /// <summary>Gives an answer that is owed. One that comes after its stage is kept with what was written, and the reply says so.</summary>
    public Task<MatterReply> AnswerAsync(Staff who, string no, MatterOrder order, Tap tap, CancellationToken ct) => GiveAsync(who, no, "answer", order, tap, (post, matter, procedure) =>
        order.Owed is null || order.Says is null ? new(Outcome.Of(Codes.OrderIncomplete, (order.Owed is null ? "owed" : "says", order.Owed is null ? "owed" : "says")))
        : AnswerOf(procedure, matter, new Actor.OfPost(post), order), ct);

    public Task<MatterReply> ChooseAsync(Staff who, string no, MatterOrder order, Tap tap, CancellationToken ct) => GiveAsync(who, no, "choose", order, tap, (post, _, _) =>
        order.Key is null || order.Posts is null || order.Posts.Any(p => p is null)
            ? new Outcome<Asked>(Outcome.Of(Codes.OrderIncomplete, (order.Key is null ? "key" : "posts", order.Key is null ? "key" : "posts")))
            : new Asked(new ProceedingCommand.Choose(post, order.Key, [.. order.Posts.Select(p => new PostId(p))])), ct);

    public Task<MatterReply> RequestAsync(Staff who, string no, MatterOrder order, Tap tap, CancellationToken ct) => GiveAsync(who, no, "request", order, tap, (post, _, _) =>
        Names.Parse<PetitionKind>(order.Kind) is not { } kind ? new Outcome<Asked>(Outcome.Of(Codes.OrderIncomplete, ("kind", "kind")))
        : WithReason(order, new ProceedingCommand.Plead(post, kind, order.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null, order.Until?.ToUniversalTime())), ct);

    public Task<MatterReply> RuleAsync(Staff who, string no, MatterOrder order, Tap tap, CancellationToken ct) => GiveAsync(who, no, "rule", order, tap, (post, _, _) =>
        Names.Parse<PetitionKind>(order.Kind) is not { } kind || order.Granted is not { } granted
            ? new Outcome<Asked>(Outcome.Of(Codes.OrderIncomplete, (order.Granted is null ? "granted" : "kind", order.Granted is null ? "granted" : "kind")))
            : WithReason(order, new ProceedingCommand.Rule(post, kind, granted)), ct);

    public Task<MatterReply> ResumeAsync(Staff who, string no, Tap tap, CancellationToken ct) =>
        GiveAsync(who, no, "resume", new MatterOrder(), tap, (post, _, _) => new Asked(new ProceedingCommand.Resume(post)), ct);

    public Task<MatterReply> CancelAsync(Staff who, string no, MatterOrder order, Tap tap, CancellationToken ct) =>
        GiveAsync(who, no, "cancel", order, tap, (post, matter, _) => matter.Procedure == Correction.Procedure
            ? new Outcome<Asked>(Outcome.Of("correction_decide")) // the household is owed a reason
            : WithReason(order, new ProceedingCommand.Cancel(new Actor.OfPost(post))), ct);

    public Task<MatterReply> NoteAsync(Staff who, string no, MatterOrder order, Tap tap, CancellationToken ct) =>
        GiveAsync(who, no, "note", order, tap, (post, _, _) => WithReason(order, new ProceedingCommand.Note(new Actor.OfPost(post))), ct);

    public Task<MatterReply> RecuseAsync(Staff who, string no, Tap tap, CancellationToken ct) =>
        GiveAsync(who, no, "recuse", new MatterOrder(), tap, (post, _, _) => new Asked(new ProceedingCommand.Recuse(post)), ct);

    /// <summary>Makes a party's link to what is asked of it; it is shown to the asker and stored nowhere in clear. A new link ends the earlier one.</summary>
    public async Task<Outcome<LinkReply>> LinkAsync(Staff who, string no, MatterOrder order, CancellationToken ct)
    {
        var found = await sight.MatterAsync(who, no, ct);
        if (found.Value is not { } matter) return new(found);
        if (matter.Visit?.Owed.FirstOrDefault(o => o.Key == order.Owed) is not { } owed || owed.Silent.OfType<Respondent.OfParty>().FirstOrDefault(p => order.Key is null || p.Code == order.Key) is not { } party)
            return new(Outcome.Of(Codes.NoSuchAnswer));
        var code = LinkCode.New();
        var until = worlds.Now + LinkLife;
        await database.WriteAsync(async db =>
        {
            var named = party.ToString();
            await db.DeleteAsync(db.MatterLinks.Where(l => l.Matter == no && l.Owed == owed.Key && l.Respondent == named), ct);
            db.MatterLinks.Add(new MatterLinkRow { Hash = LinkCode.HashOf(code), Matter = no, Owed = owed.Key, Respondent = named, ExpiresAt = until });
            return await db.SaveChangesAsync(ct);
        }, ct);
        return new LinkReply($"/f/{code}", until);
    }

    /// <summary>A command with what is kept of its words.</summary>
    internal sealed record Asked(ProceedingCommand Command, CallWords? Words = null);

    /// <summary>An answer with its form checked against the procedure that the matter keeps.</summary>
    internal static Outcome<Asked> AnswerOf(Procedure procedure, Proceeding matter, Actor by, MatterOrder order)
    {
        var owed = matter.Visit?.Owed.FirstOrDefault(o => o.Key == order.Owed);
        var ask = owed is not null ? procedure.FindAsk(owed.Ask) : procedure.Stages.SelectMany(s => s.Asks).OrderByDescending(a => a.Key.Length).FirstOrDefault(a => order.Owed!.StartsWith(a.Key, StringComparison.Ordinal));
        // An item is described by the form; ending the list of items fills in nothing.
        var form = ask is null || (ask.Collects && order.Says != Proceedings.Item) ? null : procedure.FindForm(ask.Form);
        var isItem = order.Says == Proceedings.Item;
        var filled = MatterForms.Check(form, order.Form, order.Owed, isItem ? matter.Items.Length + 1 : owed?.Item, order.Anyway is true || by is Actor.Outside);
        if (filled.Value is not { } text) return new(filled);
        if (Texts.Check(order.Note, Texts.NoteLimit, "note", out var note) is { } tooLong) return new(tooLong);
        var words = text.Length > 0 ? new CallWords(ProcedureKind.FormWords, note.Length > 0 ? MatterForms.With(text, note) : text) : note.Length > 0 ? new CallWords("note", note) : null;
        return new Asked(new ProceedingCommand.Answer(by, order.Owed!, order.Says!, words is not null), words);
    }

    private static Outcome<Asked> WithReason(MatterOrder order, ProceedingCommand command) =>
        Texts.Check(order.Note, Texts.NoteLimit, "note", out var note) is { } tooLong ? tooLong.As<Asked>()
        : note.Length == 0 ? Outcome.Of(Codes.ReasonMissing).As<Asked>()
        : new Asked(command, new CallWords("note", note));

    private async Task<MatterReply> GiveAsync(Staff who, string no, string verb, MatterOrder order, Tap tap, Func<Post, Proceeding, Procedure, Outcome<Asked>> read, CancellationToken ct)
    {
        if (who.Post is not { } post) return ReplyOf(Outcome.Of(Codes.Forbidden));
        if (!Keys.TryMake(tap.Key, who, $"{verb} {no}", order, ContractsJson.Default.MatterOrder, out var key)) return ReplyOf(Outcome.Of(Codes.IdempotencyKeyInvalid));
        if (await CaseQueries.FindMatterAsync(database, Sight.Of(post), no, ct) is not { } matter || !sight.Covers(post, matter)) return ReplyOf(sight.Unseen(post));
        var asked = read(post, matter, await worlds.ProcedureAsync(matter, ct));
        if (asked.Value is not { } give) return ReplyOf(asked);
        var reply = await desk.Submit(new DeskRequest.Ask(matter.No, give.Command, give.Words) { Claimed = tap.Before(worlds.Now) }, key);
        var after = reply switch
        {
            DeskReply.Done { Matter: Proceeding done } => done,
            DeskReply.Refused { Matter: Proceeding seen } => seen,
            _ => null,
        };
        var shown = after is not null && sight.Covers(post, after) ? after : null;
        return ReplyOf(WinnerOf(reply, give.Command) ?? await OutcomeOfAsync(reply, give.Command, journal, ct)) with { Matter = shown is null ? null : MatterCards.Of(shown), Receipt = await ReceiptAsync(reply, give, ct) };
    }

    /// <summary>Who was faster, by their kind of post: the loser of a race is told at once. Null if no post won it.</summary>
    private Outcome? WinnerOf(DeskReply reply, ProceedingCommand command) =>
        reply is DeskReply.Refused { Why: Refusal.AlreadyAnswered, Matter: Proceeding matter } && command is ProceedingCommand.Answer answer
        && matter.Given.Concat(matter.Visit?.Owed.SelectMany(o => o.Answers) ?? []).LastOrDefault(g => answer.Owed.StartsWith(g.Ask, StringComparison.Ordinal))?.By is Respondent.OfPost by
        && roster.FindPost(by.Post.Value) is { } post && Sentences.Find($"post_{Names.Camel(post.Kind)}") is var (_, zh, en)
            ? Outcome.Of("answered_by", (zh, en)) with { Code = Codes.AlreadyAnswered }
            : null;

    /// <summary>An answer that moved nothing came after its stage: it is kept, and the sender is told, now and whenever the request is repeated with its key.</summary>
    internal static async Task<Outcome> OutcomeOfAsync(DeskReply reply, ProceedingCommand command, JournalQueries journal, CancellationToken ct) =>
        reply is DeskReply.Done done && command is ProceedingCommand.Answer answer && await IsLateAsync(done, answer, journal, ct) ? Outcome.Of("answered_late") : Replies.Of(reply);

    /// <summary>The receipt of an item just taken in; if the request is repeated with its key, of the item that was described in these words.</summary>
    private async Task<string?> ReceiptAsync(DeskReply reply, Asked give, CancellationToken ct)
    {
        if (reply is not DeskReply.Done { Matter: Proceeding matter } done || give.Command is not ProceedingCommand.Answer { Says: Proceedings.Item }) return null;
        if (done.What is { } what) return what == Names.Camel(MatterWhat.ItemTaken) ? ReceiptOf(matter, matter.Items[^1]) : null;
        if (give.Words is not { } written || MatterForms.Read(written.Text) is not { } described) return matter.Items is [.., var last] ? ReceiptOf(matter, last) : null;
        await using var db = database.Context();
        var no = matter.No.Value;
        var words = await db.Words.Where(w => w.CallNo == no && w.Kind == ProcedureKind.FormWords).OrderByDescending(w => w.Version).ReadAsync(db, ct);
        var kept = words.Select(w => MatterForms.Read(w.Words)).FirstOrDefault(f => f is { Item: not null } && f.Form == described.Form && f.Values.OrderBy(v => v.Key).SequenceEqual(described.Values.OrderBy(v => v.Key)));
        return matter.Items.FirstOrDefault(i => i.Number == kept?.Item) is { } item ? ReceiptOf(matter, item) : null;
    }

    internal static string ReceiptOf(Proceeding matter, Item item) => $"{matter.No}-{item.Number}";

    private static MatterReply ReplyOf(Outcome outcome) => new() { Ok = outcome.Ok, Code = outcome.Code, Message = outcome.Message, MessageEn = outcome.MessageEn };

    /// <summary>Whether an answer was recorded without counting. A request that is repeated with its key finds it in the journal, by whom, to what, and what was said.</summary>
    private static async Task<bool> IsLateAsync(DeskReply.Done done, ProceedingCommand.Answer answer, JournalQueries journal, CancellationToken ct)
    {
        if (done.What is { } what) return what == Names.Camel(MatterWhat.Late);
        var by = answer.By switch
        {
            Actor.OfPost { Post: var post } => (string[])[post.Id.Value, .. post.Also.Select(p => p.Value)],
            Actor.Outside { Who: Respondent.Caller } => [JournalEntry.ByCaller],
            _ => [answer.By.As.ToString()!],
        };
        var mine = (await journal.OfCallAsync(done.Matter.No.Value, ct)).Where(e => e.Answer == answer.Owed && by.Contains(e.By)).ToList();
        bool Counts(JournalEntry entry) => answer.Says == Proceedings.Item ? entry.What == Names.Camel(MatterWhat.ItemTaken) : ProceedingJson.Facts(entry.Detail).Any(f => f is Fact.Answered { Given.Says: var says } && says == answer.Says);
        return mine.Exists(e => e.What == Names.Camel(MatterWhat.Late)) && !mine.Exists(Counts);
    }

    private sealed record Place(Domain.Street.CommunityCode? Community, Domain.Street.GridCode? Grid);

    private Outcome<Place> PlaceOf(Procedure procedure, MatterRequest request) => procedure.Place switch
    {
        PlaceKind.Grid when request.Grid is null => Outcome.Of("matter_place_missing").As<Place>(),
        PlaceKind.Grid => streets.Map.FindGrid(request.Grid!) is { } grid ? new Place(grid.Community, grid.Code) : Outcome.Of(Codes.GridUnknown).As<Place>(),
        PlaceKind.Community when request.Community is null => Outcome.Of("matter_place_missing").As<Place>(),
        PlaceKind.Community => streets.Map.FindCommunity(request.Community!) is { } community ? new Place(community.Code, null) : Outcome.Of("community_unknown").As<Place>(),
        PlaceKind.Street => new Place(null, null),
        _ => throw new InvalidOperationException($"Unknown place {procedure.Place}."),
    };

    private static Outcome<ImmutableDictionary<string, ImmutableArray<PostId>>> ChosenOf(Procedure procedure, MatterRequest request)
    {
        var chosen = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty;
        foreach (var (key, posts) in request.Chosen ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            if (procedure.FindAsk(key) is not { } ask || !ask.Roles.Any(r => r is Domain.Matters.Role.Chosen)) return new(Outcome.Of(Codes.NoSuchAnswer));
            if (posts is null || posts.Count is 0 or > Roles.MaxPosts || posts.Any(p => p is null)) return new(Outcome.Of(Codes.OutOfBounds));
            chosen = chosen.SetItem(key, [.. posts.Distinct().Select(p => new PostId(p))]);
        }

        return chosen;
    }
}
