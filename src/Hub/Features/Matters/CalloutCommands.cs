using System.Collections.Immutable;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Actor = DispatchCenter.Domain.Matters.Actor;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>Sends and ends call-outs (叫应). A call-out that was acknowledged is sent to everybody, whatever happens to the process: see <see cref="CompleteAsync"/>.</summary>
public sealed class CalloutCommands(DispatchDesk desk, Database database, StreetBook streets, ProcedureBook procedures, Roster roster, MatterWorlds worlds, StaffSight sight)
{
    /// <summary>Call-outs that are completed at once.</summary>
    private const int Bite = 20;

    /// <summary>Sends one to those of the choice who are on duty.</summary>
    public async Task<Outcome<CalloutReceipt>> SendAsync(Staff who, CalloutRequest request, string? idempotencyKey, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (!worlds.OnDuty.Contains(post.Id)) return new(Outcome.Of(Codes.NotOnDuty));
        if (!Keys.TryMake(idempotencyKey, who, "callout", request, ContractsJson.Default.CalloutRequest, out var key)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        return await BeginAsync(post, request, key, ct);
    }

    /// <summary>Ends one: nobody is called any more. Whoever has not answered stays in the report as silent.</summary>
    public async Task<Outcome> EndAsync(Staff who, string no, string? note, CancellationToken ct)
    {
        var found = await sight.MatterAsync(who, no, ct);
        if (found.Value is not { Procedure: Callouts.Whole } whole) return found.Ok ? Outcome.Of(Codes.CallNotFound) : found;
        if (Texts.Check(note, Texts.NoteLimit, "note", out var why) is { } tooLong) return tooLong;
        if (why.Length == 0) return Outcome.Of(Codes.ReasonMissing);
        if (Callouts.IsBeingSent(whole))
        {
            // First of all, so that no part is added to it any more.
            if (await CancelAsync(whole.No, who.Post!, why) is { } stays) return stays;
            whole = await CaseQueries.FindMatterAsync(database, Sight.OfTheEngine, no, ct) ?? whole;
        }

        foreach (var child in whole.Children.Where(c => c.Outcome is null))
            if (await CancelAsync(child.No, who.Post!, why) is { } refusal) return refusal;
        return Outcome.Of(Codes.Ok);
    }

    /// <summary>Sends the parts that are missing, for example because the process was killed in between. Under the keys of the parts each is sent once.</summary>
    internal async Task CompleteAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var street = $"|{Names.Camel(PostKind.StreetDesk)}@";
        var bodies = await Sight.OfTheEngine.MattersIn(db).Where(m => m.IsOpen && m.Procedure == Callouts.Whole && m.Asked!.Contains(street)).OrderBy(m => m.No).Take(Bite).Select(m => m.Body).ToListAsync(ct);
        foreach (var whole in bodies.Select(ProceedingJson.Read))
            if (SenderOf(whole) is { } by) await SendPartsAsync(whole, by, await TextOfAsync(db, whole.No.Value, ct) ?? string.Empty);
    }

    /// <summary>The form in which it says what it says; null if it was erased.</summary>
    internal static async Task<string?> TextOfAsync(DispatchDb db, string no, CancellationToken ct) =>
        (await db.Words.Where(w => w.CallNo == no && w.Kind == ProcedureKind.FormWords).OrderBy(w => w.Version).Take(1).ReadAsync(db, ct)).Select(w => MatterForms.Read(w.Words)?.Values.GetValueOrDefault(Callouts.Text)).FirstOrDefault();

    internal async Task<Outcome<CalloutReceipt>> BeginAsync(Post by, CalloutRequest request, RequestKey? key, CancellationToken ct)
    {
        if (Callouts.In(procedures.Current) is not var (procedure, part)) return new(Outcome.Of("procedure_unknown"));
        if (!procedure.Starters.Contains(by.Kind)) return new(Outcome.Of(Codes.NotEntitled));
        var form = FormOf(procedure, request.Text);
        if (form.Value is not { } filled) return new(form);
        if (FormOf(part, request.Text) is { Ok: false } unfit) return new(unfit);
        var chosen = Callouts.Choose(request.Choose, roster.Held, worlds.OnDuty, streets.Map);
        if (!chosen.Ok) return new(chosen);
        var (called, absent) = chosen.Value;
        if (called.IsEmpty) return new(Outcome.Of("callout_nobody"));
        var begin = new DeskRequest.Begin(procedure.Code, by, null, null, Origin.Staff, filled, Caller.Unknown)
        {
            Drill = request.Drill is true,
            Chosen = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty.Add(Callouts.Called, [.. called.Select(p => p.Id)]).Add(Callouts.Absent, [.. absent.Select(p => p.Id)]),
        };
        var reply = await desk.Submit(begin, key);
        if (reply is not DeskReply.Done { Matter: Proceeding whole }) return Replies.Of(reply).As<CalloutReceipt>();
        await SendPartsAsync(whole, by, request.Text?.Trim() ?? string.Empty);
        return new CalloutReceipt(whole.No.Value, whole.Chosen[Callouts.Called].Length, whole.Chosen[Callouts.Absent].Length);
    }

    /// <summary>Who sent it, or whoever else sits at the street's desk now.</summary>
    private Post? SenderOf(Proceeding whole)
    {
        var onDuty = worlds.OnDuty;
        return roster.FindPost(whole.Starter.Value) is { } starter && onDuty.Contains(starter.Id) ? starter : onDuty.Posts.Where(p => p.Kind == PostKind.StreetDesk && !whole.Recusal.Covers(p)).OrderBy(p => p.Id.Value, StringComparer.Ordinal).FirstOrDefault();
    }

    private async Task SendPartsAsync(Proceeding whole, Post by, string text)
    {
        if (whole.Visit?.Owed.FirstOrDefault(o => !o.IsMet) is not { } send || Callouts.In(procedures.Current) is not var (_, procedure) || FormOf(procedure, text).Value is not { } form) return;
        var posts = whole.Chosen.GetValueOrDefault(Callouts.Called, []).Select(id => roster.FindPost(id.Value)).OfType<Post>();
        foreach (var part in posts.GroupBy(p => p.Community).OrderBy(g => g.Key?.Value, StringComparer.Ordinal))
            foreach (var (some, i) in part.Chunk(Roles.MaxPosts).Select((some, i) => (some, i)))
            {
                var begin = new DeskRequest.Begin(Callouts.Part, by, part.Key, null, Origin.Case, form, Caller.Unknown)
                {
                    Parent = whole.No, Chosen = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty.Add(Callouts.Heard, [.. some.Select(p => p.Id)]),
                };
                var reply = await desk.Submit(begin, KeyOf(whole, $"{part.Key?.Value}-{i}"));
                if (reply is not DeskReply.Done) return; // tried again by CompleteAsync
            }

        if (Answering(whole, send, by) is { } sender) await desk.Submit(new DeskRequest.Ask(whole.No, new ProceedingCommand.Answer(new Actor.OfPost(sender), send.Key, Outcomes.Done)), KeyOf(whole, "sent"));
    }

    /// <summary>Who says that it was sent to everybody: of those who owe it, because the leader sends one and owes nothing. Null while nobody is at the desk.</summary>
    private Post? Answering(Proceeding whole, Owed send, Post by) =>
        worlds.OnDuty.Posts.Where(p => send.Asked.Any(a => a.Admits(p)) && !whole.Recusal.Covers(p)).OrderBy(p => p.Id != by.Id).ThenBy(p => p.Id.Value, StringComparer.Ordinal).FirstOrDefault();

    private async Task<Outcome?> CancelAsync(CallNo no, Post by, string why) =>
        await desk.Submit(new DeskRequest.Ask(no, new ProceedingCommand.Cancel(new Actor.OfPost(by)), new CallWords("note", why)), null) switch
        {
            DeskReply.Done or DeskReply.Refused { Why: Refusal.Over } => null, // the last one has answered meanwhile
            var reply => Replies.Of(reply),
        };

    private static RequestKey KeyOf(Proceeding whole, string part) => new(Callouts.Whole, $"{whole.No}-{part}", string.Empty);

    private static Outcome<string> FormOf(Procedure procedure, string? text) =>
        MatterForms.Check(procedure.FindForm(procedure.Opening), text is null ? null : new Dictionary<string, string> { [Callouts.Text] = text }, null, null, anyway: true);
}
