using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The second kind: whatever a procedure document describes. Its life is in <see cref="Proceedings"/>.</summary>
internal sealed class ProcedureKind : MatterKind
{
    public override string Name => MatterKindNames.Procedure;

    public override char Letter => 'M';

    public override string Table => "matters";

    public override string AuditorTable => "matters_auditor";

    public override string Understood => $" AND kind = '{MatterKindNames.Procedure}'";

    public override IMatter Read(string body) => ProceedingJson.Read(body);

    public override void Save(DeskStore store, Held held, string card) => store.SaveMatter(held, Name, ProceedingJson.Write((Proceeding)held.Matter), card);

    public override byte[] CardOf(IMatter matter) => JsonSerializer.SerializeToUtf8Bytes(MatterCards.Of((Proceeding)matter), ContractsJson.Default.MatterCard);

    public override DeskReply Open(DeskBatch batch, DeskJob job)
    {
        var begin = (DeskRequest.Begin)job.Request;
        var world = batch.World.UnderProcedure(begin.Procedure, 0, batch.World.CurrentPolicy);
        Func<CallNo, IMatterCommand> child = begin.Parent is { } of && MatterKinds.Of(of.Value) == this ? no => new ProceedingCommand.OpenChild(begin.By, no) : no => new CallCommand.OpenChild(begin.By, no);
        if (batch.TakeNumber(Letter, begin.Parent, child, job, out var no) is { } refusal) return refusal;
        var opening = new Opening(no, begin.By, begin.Community, begin.Grid, begin.Origin)
        {
            Parent = begin.Parent, Drill = begin.Drill || batch.IsDrill(begin.Parent), Hidden = batch.HiddenWith(begin.Parent), Chosen = begin.Chosen,
        };
        var held = batch.Begin(job, this, DecisionOf(Proceedings.Open(opening, world)));
        batch.SaveWords(held, new CallWords(FormWords, begin.Form));
        if (begin.Caller != Caller.Unknown) batch.SaveCaller(held, begin.Caller);
        return batch.Keep(job, held);
    }

    /// <summary>The kind of words under which a filled-in form is kept.</summary>
    public const string FormWords = "form";

    public override MatterDecision Decide(IMatter matter, IMatterCommand command, DeskWorld world) =>
        matter is not Proceeding it || command is not ProceedingCommand asked ? new MatterDecision.Refused(Refusal.NotFound) : Proceedings.Decide(it, asked, Under(it, world)) switch
        {
            Step.Moved moved => DecisionOf(moved),
            Step.Already => new MatterDecision.Already(),
            Step.Refused refused => new MatterDecision.Refused(refused.Why),
            _ => throw new InvalidOperationException("Unknown step."),
        };

    public override IReadOnlyList<MatterDecision.Moved> CatchUp(IMatter matter, DeskWorld world)
    {
        var it = (Proceeding)matter;
        if (it.NextDue is not { } due || due >= world.Now) return [];
        return [.. Proceedings.CatchUp(it, Under(it, world)).Select(DecisionOf)];
    }

    public override IMatterCommand Lapse(DateTimeOffset seen) => new ProceedingCommand.Lapse(seen);

    public override IMatterCommand Hide(PostId? by, Recusal more) => new ProceedingCommand.Hide(by, more);

    /// <summary>An item's number is known to the desk alone: two may be on their way at once.</summary>
    public override CallWords Kept(MatterDecision.Moved moved, CallWords words)
    {
        if (words.Kind != FormWords || moved.What != Names.Camel(MatterWhat.ItemTaken) || JsonNode.Parse(words.Text) is not JsonObject form) return words;
        form["item"] = ((Proceeding)moved.Matter).Items[^1].Number;
        return words with { Text = form.ToJsonString() };
    }

    /// <summary>A parent of the same kind is told when its child has ended.</summary>
    public override (CallNo No, IMatterCommand Command)? Tells(IMatter? before, IMatter after) =>
        after is Proceeding { Parent: { } parent, Outcome: { } outcome } && before is { IsOpen: true } or null && MatterKinds.Of(parent.Value) == this ? (parent, new ProceedingCommand.ChildEnded(after.No, outcome)) : null;

    public override IEnumerable<string> NoLongerTold(IMatter before, IMatter after) =>
        before is not Proceeding { Visit: { } was } || after is not Proceeding now ? []
        : (now.Visit?.Stage, now.Visit?.Round) != (was.Stage, was.Round) ? [string.Empty]
        : was.Owed.SelectMany(o => o.Silent).Except(now.Visit!.Owed.SelectMany(o => o.Silent)).OfType<Respondent.OfPost>().Select(gone => Address.Post(gone.Post.Value));

    public override IEnumerable<Notice> Notices(Plan plan, IMatter? before, MatterDecision.Moved moved, DateTimeOffset now) => plan.OfMatter((Proceeding?)before, (Proceeding)moved.Matter, moved.What, now);

    private static MatterWorld Under(Proceeding matter, DeskWorld world) => world.UnderProcedure(matter.Procedure, matter.ProcedureVersion, matter.PolicyVersion);

    private static MatterDecision.Moved DecisionOf(Step.Moved moved)
    {
        var change = moved.Change;
        var by = change.By switch
        {
            Respondent.OfPost post => post.Post.Value,
            Respondent.Caller => JournalEntry.ByCaller,
            { } other => other.ToString()!,
            null => JournalEntry.ByClock,
        };
        return new MatterDecision.Moved(moved.Matter, Names.Camel(change.What), by, change.Answer, change.Due, ProceedingJson.Details(change.Facts));
    }
}
