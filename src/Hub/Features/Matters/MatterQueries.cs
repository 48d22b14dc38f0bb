using System.Globalization;
using System.Text.Json;
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
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>Reads matters for staff: what one owes, what one may see, and one in full. Every access to a full one is logged.</summary>
public sealed class MatterQueries(Database database, StaffSight sight, JournalQueries journal, Roster roster, ProcedureBook procedures, MatterWorlds worlds, TimeProvider time, ILogger<MatterQueries> log)
{
    /// <summary>Matters in a list or an inbox.</summary>
    public const int Limit = 200;

    /// <summary>Rows looked through for one page of a list.</summary>
    private const int Looked = 5_000;

    /// <summary>What the asker owes now, nearest due first. Nothing while they are off duty.</summary>
    public async Task<Outcome<Inbox>> InboxAsync(Staff who, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (!roster.At(time.GetUtcNow()).Contains(post.Id)) return new Inbox([]);
        var owed = new List<OwedItem>();
        await using var db = database.Context();
        var bodies = await Sight.Of(post).WaitingIn(db, post).OrderBy(m => m.BreachAt).ThenBy(m => m.No).Take(Looked).Select(m => new { m.No, m.Body }).ToListAsync(ct);
        foreach (var matter in bodies.Select(m => Read(m.No, m.Body)).OfType<Proceeding>())
        {
            if (procedures.Current.Of(matter) is not { } procedure) continue; // its version is read within moments, or belongs to nobody: the auditor says so
            var (mine, decides) = (AnswerableBy(post, matter, procedure).ToList(), DecidedBy(post, matter).ToList());
            if (mine.Count + decides.Count == 0 && !matter.HasClimbedTo(post)) continue;
            var items = await ItemsAsync(procedure, matter, ct);
            owed.Add(new OwedItem
            {
                Climbed = matter.HasClimbedTo(post), Decides = decides.Count > 0 ? decides : null,
                Matter = MatterCards.Of(matter), Procedure = MatterViews.NameOf(procedure), Stage = MatterViews.NameOf(procedure.FindStage(matter.Visit!.Stage)!),
                Owed = [.. mine.Select(o => MatterViews.Owed(procedure, matter, o, items))], Items = items,
                Walks = matter.Before.IsEmpty && procedure.FindForm(Domain.Rhythms.Rhythm.StopForm) is not null, Rings = matter.Visit.Rings && mine.Count > 0, Alarms = matter.Procedure == Safety.Procedure && mine.Count == 0 && matter.HasClimbedTo(post), Text = matter.Visit.Rings ? await CalloutCommands.TextOfAsync(db, matter.No.Value, ct) : null,
            });
            if (owed.Count == Limit) break;
        }

        return new Inbox(owed);
    }

    /// <summary>The matters that the asker may see: open ones by nearest breach, ended ones newest first.</summary>
    /// <param name="state">open, if left out, or ended.</param>
    /// <param name="after">Where the page before ended: its <c>next</c>. It holds also when that matter has moved or ended meanwhile.</param>
    public async Task<Outcome<MatterList>> ListAsync(Staff who, string? state, string? procedure, string? after, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (state is not (null or "" or "open" or "ended")) return new(Outcome.Bad("history_filter", ("state", "state")));
        if (PlaceOf(after) is not { } begins) return new(Outcome.Bad("matters_after"));
        if (!sight.IsCalled(who)) return new MatterList(0, [], null);
        var (open, own) = (state != "ended", Sight.Of(post));
        var (cards, total, next, last) = (new List<MatterCard>(), 0, (string?)null, (At: 0L, No: string.Empty));
        await using var db = database.Context();
        var rows = own.MattersIn(db).Where(m => m.IsOpen == open && (procedure == null || m.Procedure == procedure));
        var sorted = open ? rows.OrderBy(m => m.BreachAt).ThenBy(m => m.No) : rows.OrderByDescending(m => m.OpenedAt).ThenByDescending(m => m.No);
        foreach (var row in await sorted.Take(Looked).Select(m => new { m.No, m.Card, m.Audience, At = open ? m.BreachAt : m.OpenedAt }).ToListAsync(ct))
        {
            if (!AudienceText.Read(row.Audience).Includes(own.Eyes!)) continue;
            total++;
            var place = (At: (row.At ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds(), row.No);
            if (begins.No.Length > 0 && (open ? Compare(place, begins) <= 0 : Compare(place, begins) >= 0)) continue;
            if (cards.Count == Limit)
            {
                next ??= $"{last.At}.{last.No}";
                continue;
            }

            cards.Add(System.Text.Json.JsonSerializer.Deserialize(row.Card, ContractsJson.Default.MatterCard)!);
            last = place;
        }

        return new MatterList(total, cards, next);
    }

    private static int Compare((long At, string No) one, (long At, string No) other) => one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.No, other.No);

    /// <summary>Before everything if there is none; null if it is not one.</summary>
    private static (long At, string No)? PlaceOf(string? after)
    {
        if (string.IsNullOrEmpty(after)) return (0, string.Empty);
        var dot = after.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(after.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && CallNo.IsOne(after[(dot + 1)..]) ? (at, after[(dot + 1)..]) : null;
    }

    /// <summary>The latest version of every procedure.</summary>
    public ProcedureList Procedures(Staff who) => new([.. procedures.Current.Latest.Select(p => new ProcedureView
    {
        Code = p.Code, Version = p.Version, Name = p.Name, NameEn = p.NameEn, About = p.About, AboutEn = p.AboutEn, Place = Names.Camel(p.Place), Visibility = Names.Camel(p.Visibility),
        MayStart = !Callouts.IsOne(p.Code) && p.Code != Correction.Procedure && who.Post is { } post && p.Starters.Contains(post.Kind), HasCaller = p.HasCaller, Form = MatterForms.View(p.FindForm(p.Opening)), Stages = [.. p.Stages.Select(MatterViews.NameOf)],
        Chooses = p.Stages.SelectMany(s => s.Asks).Where(a => a.Roles.Any(r => r is Domain.Matters.Role.Chosen)).Select(a => new Named(a.Key, a.Name, a.NameEn)).ToList() is { Count: > 0 } chooses ? chooses : null,
    })]);

    /// <summary>A matter in full, except for what needs a reason.</summary>
    public async Task<Outcome<MatterDetail>> DetailAsync(Staff who, string no, CancellationToken ct)
    {
        var found = await sight.MatterAsync(who, no, ct);
        if (found.Value is not { } matter) return new(found);
        await AuditAsync(who, no, "detail", null, ct);
        var (post, procedure, onDuty) = (who.Post!, await worlds.ProcedureAsync(matter, ct), roster.At(time.GetUtcNow()));
        var stage = matter.Visit is { } visit ? procedure.FindStage(visit.Stage) : null;
        await using var db = database.Context();
        var history = await journal.OfCallAsync(no, ct);
        var words = await db.Words.Where(w => w.CallNo == no).OrderBy(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        var caller = await db.CallerAsync(no, ct);
        var mine = AnswerableBy(post, matter, procedure).ToList();
        bool Sees(Privacy privacy, string by) => privacy.IsForStaff || (privacy == Privacy.Sealed && (by == post.Id.Value || mine.Count > 0));
        var items = MatterViews.Items(procedure, matter, words.Select(w => MatterForms.Read(w.Words)).OfType<FilledForm>(), p => Sees(p, string.Empty));
        var tries = Tries(matter, post, procedure).ToList();
        return new MatterDetail
        {
            Matter = MatterCards.Of(matter),
            Procedure = MatterViews.NameOf(procedure),
            Stages = MatterViews.Line(procedure, matter),
            Asked = [.. (matter.Visit?.Owed ?? []).Select(o => AskedOf(procedure, stage!, o, onDuty))],
            Mine = [.. mine.Select(o => MatterViews.Owed(procedure, matter, o, items))],
            Petitions = matter.Pleas.IsEmpty ? null : [.. matter.Pleas.Select(p => PleaOf(p, matter))],
            Extensions = tries.Contains("requestExtension") && matter.Visit?.Clock is { } clock ? Cards.ExtensionsOf(clock, worlds.Of(matter).Calendar) : null,
            Items = items,
            Timeline = LinesOf(procedure, history, words, Sees),
            Children = [.. matter.Children.Select(c => new MatterChild(c.No.Value, c.Outcome))],
            Commands = tries,
            Contact = caller is null or { Name: null, Phone: null } ? null : new MaskedContact(Masked.Name(caller.Name), Masked.Phone(caller.Phone)),
            Chooses = procedure.Stages.SelectMany(s => s.Asks).Where(a => a.Roles.Any(r => r is Domain.Matters.Role.Chosen)).Select(a => new Named(a.Key, a.Name, a.NameEn)).ToList() is { Count: > 0 } chooses && matter.IsOpen ? chooses : null,
            Erasure = matter.IsOpen ? null : await HeldQueries.OfAsync(db, no, ct),
        };
    }

    /// <summary>Whether the asker may see a matter, without looking at it.</summary>
    public async Task<bool> MaySeeAsync(Staff who, string no, CancellationToken ct) => (await sight.MatterAsync(who, no, ct)).Ok;

    /// <summary>Contact and fields that need a reason, for one that is logged.</summary>
    public async Task<Outcome<MatterReveal>> RevealAsync(Staff who, string no, string? reason, CancellationToken ct)
    {
        if (Texts.Check(reason, Texts.PhoneLimit * 8, "reason", out var why) is { } tooLong) return new(tooLong);
        if (why.Length == 0) return new(Outcome.Of(Codes.ReasonMissing));
        var found = await sight.MatterAsync(who, no, ct);
        if (found.Value is not { } matter) return new(found);
        if (who.Post!.Kind == PostKind.BuildingHead) return new(Outcome.Of(Codes.Forbidden)); // volunteers do not see the person
        await AuditAsync(who, no, "contact", why, ct);
        var procedure = await worlds.ProcedureAsync(matter, ct);
        await using var db = database.Context();
        var history = await journal.OfCallAsync(no, ct);
        var words = await db.Words.Where(w => w.CallNo == no && w.Kind == ProcedureKind.FormWords).OrderBy(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        var caller = await db.CallerAsync(no, ct);
        return new MatterReveal(
            caller is null ? null : new ContactView(caller.Name, caller.Phone),
            [.. LinesOf(procedure, history, words, (privacy, by) => privacy != Privacy.Sealed || by == who.Post.Id.Value).Where(l => l.Values is { Count: > 0 })]);
    }

    /// <summary>A public notice; null unless the matter's stage is public.</summary>
    public async Task<PublicMatter?> PublicAsync(string no, CancellationToken ct)
    {
        if (await CaseQueries.FindMatterAsync(database, Sight.OfTheEngine, no, ct) is not { Visibility: Visibility.Public, Drill: false } matter || matter.Recusal != Recusal.None) return null;
        var procedure = await worlds.ProcedureAsync(matter, ct);
        await using var db = database.Context();
        var words = await db.Words.Where(w => w.CallNo == no && w.Kind == ProcedureKind.FormWords).OrderBy(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        var outcome = MatterViews.EndOf(procedure, matter);
        return new PublicMatter(
            no, MatterViews.NameOf(procedure), matter.Visit is { } visit ? MatterViews.NameOf(procedure.FindStage(visit.Stage)!) : null, matter.OpenedAt, matter.Visit?.Clock?.Due, outcome?.Code, outcome?.Name, outcome?.NameEn,
            [.. words.Select(w => MatterForms.Read(w.Words)).OfType<FilledForm>().SelectMany(f => MatterForms.Show(procedure.FindForm(f.Form), f, p => p == Privacy.Public)).Where(v => v.Value is not null)]);
    }

    /// <summary>What a post may answer: what it is asked, or what its desk may answer in place of those who did not in time.</summary>
    private static IEnumerable<Owed> AnswerableBy(Post post, Proceeding matter, Procedure procedure)
    {
        if (matter.Visit is not { } visit) return [];
        var inPlace = matter.HasClimbedTo(post) && procedure.FindStage(visit.Stage)!.AllowsInPlace ? visit.Owed.Where(o => !o.IsMet) : [];
        return matter.OwedBy(post).Union(inPlace).Where(o => !Roles.IsBarred(procedure.FindAsk(o.Ask)!, post, matter));
    }

    /// <summary>An unreadable row hides no other.</summary>
    private Proceeding? Read(string no, string body)
    {
        try
        {
            return ProceedingJson.Read(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            HubLog.MatterUnreadable(log, no, e);
            return null;
        }
    }

    /// <summary>The requests that a post may decide on, found by asking the matter itself.</summary>
    private IEnumerable<PleaView> DecidedBy(Post post, Proceeding matter) =>
        matter.Pleas.Where(p => Proceedings.Decide(matter, new ProceedingCommand.Rule(post, p.Kind, false), worlds.Of(matter)) is Step.Moved).Select(p => PleaOf(p, matter));

    private PleaView PleaOf(Plea plea, Proceeding matter) => new(
        Names.Camel(plea.Kind), plea.Length is { } length ? (int)length.TotalMinutes : null, plea.Until,
        plea.Length is { } more && matter.Visit?.Clock is { } clock ? clock.Extended(worlds.Of(matter).Calendar, more).Due : null, plea.Clock.Due);

    private async Task<List<MatterItem>> ItemsAsync(Procedure procedure, Proceeding matter, CancellationToken ct)
    {
        if (matter.Items.IsEmpty) return [];
        await using var db = database.Context();
        var words = await db.Words.Where(w => w.CallNo == matter.No.Value && w.Kind == ProcedureKind.FormWords).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        return MatterViews.Items(procedure, matter, words.Select(w => MatterForms.Read(w.Words)).OfType<FilledForm>(), p => p.IsForStaff);
    }

    private AskedView AskedOf(Procedure procedure, Stage stage, Owed owed, OnDuty onDuty)
    {
        var ask = procedure.FindAsk(owed.Ask)!;
        var inside = owed.Asked.Where(a => a is Respondent.OfKind or Respondent.OfPost).ToList();
        return new AskedView(
            owed.Key, ask.Name, ask.NameEn, [.. owed.Asked.Select(a => MatterViews.Shown(a, stage.Gate is not Gate.Vote && owed.Answers.Any(g => g.For == a), roster))], owed.Need, owed.Answers.Length,
            inside.Count > 0 ? onDuty.Posts.Count(p => inside.Any(a => a.Admits(p))) : null, inside.Count < owed.Asked.Length);
    }

    /// <summary>A history from its first change. An outcome has the name that the stage it ends gives it.</summary>
    private List<MatterLine> LinesOf(Procedure procedure, IEnumerable<JournalEntry> history, List<Written> words, Func<Privacy, string, bool> sees)
    {
        var (lines, stage) = (new List<MatterLine>(), (Stage?)null);
        foreach (var entry in history)
        {
            var facts = new List<MatterFact>();
            foreach (var fact in ProceedingJson.Facts(entry.Detail))
            {
                if (fact is Fact.Entered entered) stage = procedure.FindStage(entered.Visit.Stage);
                facts.Add(MatterViews.FactOf(procedure, stage, fact));
            }

            lines.Add(LineOf(procedure, entry, facts, words, sees));
        }

        return lines;
    }

    private MatterLine LineOf(Procedure procedure, JournalEntry entry, List<MatterFact> facts, List<Written> words, Func<Privacy, string, bool> sees)
    {
        var said = words.Find(w => w.Version == entry.Version);
        var filled = said?.Kind == ProcedureKind.FormWords ? MatterForms.Read(said.Words) : null;
        return new MatterLine(entry.Version, entry.At, LookQueries.KindOf(roster, entry.By), entry.What, facts)
        {
            Values = filled is null ? null : MatterForms.Show(procedure.FindForm(filled.Form), filled, privacy => sees(privacy, entry.By)),
            Words = filled?.Note ?? (said is not null && said.Kind != ProcedureKind.FormWords ? said.Words : null),
        };
    }

    /// <summary>What the asker may try: found by asking the matter itself.</summary>
    private IEnumerable<string> Tries(Proceeding matter, Post post, Procedure procedure)
    {
        var world = worlds.Of(matter);
        bool May(ProceedingCommand command) => Proceedings.Decide(matter, command, world) is Step.Moved;
        if (matter.OwedBy(post).FirstOrDefault() is { } owed && world.OnDuty.Contains(post.Id)) yield return "answer";
        if (matter.Visit?.Owed.FirstOrDefault(o => !o.IsMet) is { } open && world.Held.FirstOrDefault(p => !matter.Recusal.Covers(p) && !Roles.IsBarred(procedure.FindAsk(open.Ask)!, p, matter)) is { } other
            && May(new ProceedingCommand.Choose(post, open.Key, [other.Id]))) yield return "choose";
        if (matter.Visit?.Clock is { } clock && May(new ProceedingCommand.Plead(post, Domain.Calls.PetitionKind.Extension, clock.SpanOn(world.Calendar)))) yield return "requestExtension";
        if (May(new ProceedingCommand.Plead(post, Domain.Calls.PetitionKind.Suspension, null, world.Now.AddDays(1)))) yield return "requestSuspension";
        foreach (var plea in matter.Pleas)
            if (May(new ProceedingCommand.Rule(post, plea.Kind, false))) yield return $"rule:{Names.Camel(plea.Kind)}";
        if (May(new ProceedingCommand.Resume(post))) yield return "resume";
        if (May(new ProceedingCommand.Cancel(new Domain.Matters.Actor.OfPost(post)))) yield return "cancel";
        if (May(new ProceedingCommand.Note(new Domain.Matters.Actor.OfPost(post)))) yield return "note";
        if (May(new ProceedingCommand.Recuse(post))) yield return "recuse";
        if (matter.Visit?.Owed.Any(o => o.Silent.Any(a => a is Respondent.OfParty)) is true && world.OnDuty.Contains(post.Id)) yield return "link";
        if (May(new ProceedingCommand.OpenChild(post, new Domain.Calls.CallNo("M000000-00000")))) yield return "child";
    }

    private Task<int> AuditAsync(Staff who, string no, string looked, string? reason, CancellationToken ct) =>
        database.WriteAsync(db =>
        {
            db.Reads.Add(new ReadRow { At = time.GetUtcNow(), Account = who.Id, Post = who.Post!.Id.Value, CallNo = no, Looked = looked, Reason = db.DataKeys.EncryptAny(ReadRow.ReasonColumn, reason) });
            return db.SaveChangesAsync(ct);
        }, ct);
}
