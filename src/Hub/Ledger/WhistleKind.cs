using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The whistle (吹哨): the first kind of matter, with its hand-written life. Its rows stay in a table of their own, as they have always been.</summary>
internal sealed class WhistleKind : MatterKind
{
    public override string Name => JournalEntry.Whistle;

    public override char Letter => 'W';

    public override string Table => "calls";

    public override string AuditorTable => "auditor";

    public override IMatter Read(string body) => CallJson.Read(body);

    public override void Save(DeskStore store, Held held, string card) => store.SaveCall(held, card);

    public override byte[] CardOf(IMatter matter) => JsonSerializer.SerializeToUtf8Bytes(Cards.Of((WhistleCall)matter), ContractsJson.Default.CallCard);

    public override DeskReply Open(DeskBatch batch, DeskJob job)
    {
        var blow = (DeskRequest.Blow)job.Request;
        var world = batch.World;
        if (batch.TakeNumber(Letter, blow.Parent, no => new CallCommand.OpenChild(blow.By!, no), job, out var no) is { } refusal) return refusal;
        var whistle = new Whistle(no, blow.Category, blow.Grid, blow.Station, blow.Danger, blow.HideFromProperty, blow.Drill, blow.Source, blow.By)
        {
            Parent = blow.Parent,
            Standard = blow.Standard,
            Hidden = batch.HiddenWith(blow.Parent),
        };
        var moved = Life.Open(whistle, world.Under(world.CurrentPolicy));
        batch.Opened.Add(moved.Call);
        var held = batch.Begin(job, this, DecisionOf(moved));
        batch.SaveWords(held, new CallWords("description", blow.Description));
        if (blow.Photos.Count > 0) batch.SavePhotos(held, new CallPhotos(CallPhotos.Whistle, blow.Photos));
        if (blow.Caller != Caller.Unknown) batch.SaveCaller(held, blow.Caller);
        if (blow.Reporter is { } reporter) batch.SaveReport(held, reporter);
        if (blow.Joins is { } other && Join(batch, job, held, other) is { } joined) held = joined;
        return batch.Keep(job, held);
    }

    public override MatterDecision Decide(IMatter matter, IMatterCommand command, DeskWorld world) =>
        matter is not WhistleCall call || command is not CallCommand asked ? new MatterDecision.Refused(Refusal.NotFound) : Life.Decide(call, asked, world.Under(call.PolicyVersion)) switch
        {
            Decision.Moved moved => DecisionOf(moved),
            Decision.Already => new MatterDecision.Already(),
            Decision.Refused refused => new MatterDecision.Refused(refused.Why),
            _ => throw new InvalidOperationException("Unknown decision."),
        };

    public override IReadOnlyList<MatterDecision.Moved> CatchUp(IMatter matter, DeskWorld world)
    {
        var call = (WhistleCall)matter;
        if (call.NextDue is not { } due || due >= world.Now) return [];
        return [.. Life.CatchUp(call, world.Under(call.PolicyVersion)).Select(DecisionOf)];
    }

    public override IMatterCommand Lapse(DateTimeOffset seen) => new CallCommand.Lapse(seen);

    public override IMatterCommand Hide(PostId? by, Recusal more) => new CallCommand.Hide(by, more);

    public override IMatterCommand Informed(IMatterCommand command, Func<CallNo, IMatter?> find) =>
        command is CallCommand.Merge merge && find(merge.Into) is { } into ? merge with { Hidden = into.Recusal } : command;

    public override (CallNo No, IMatterCommand Command)? Beside(IMatter matter, IMatterCommand command) => ((WhistleCall)matter, command) switch
    {
        (var call, CallCommand.Merge c) => (c.Into, Absorbs(c.By, call)),
        ({ State: CallState.Merged merged } call, CallCommand.Withdraw) => (merged.Into, new CallCommand.Absorb(null, call.No, call.Level, Leaves: true)),
        ({ State: CallState.Merged merged } call, CallCommand.Unmerge c) => (merged.Into, new CallCommand.Absorb(c.By, call.No, call.Level, Leaves: true)),
        _ => null,
    };

    public override IEnumerable<string> NoLongerTold(IMatter before, IMatter after) => ((WhistleCall)before, (WhistleCall)after) switch
    {
        ({ State: CallState.Ringing }, { State: not CallState.Ringing }) => [string.Empty],
        var (was, now) => Plan.NoLongerRung(was, now),
    };

    public override IEnumerable<Notice> Notices(Plan plan, IMatter? before, MatterDecision.Moved moved, DateTimeOffset now) => 
        plan.Of((WhistleCall?)before, (WhistleCall)moved.Matter, moved.What, now, moved.Detail.OfType<Detail.Of>().FirstOrDefault()?.No);

    private static MatterDecision.Moved DecisionOf(Decision.Moved moved)
    {
        var happening = moved.Happening;
        var clock = happening.Due is not null || happening.What is What.Rang or What.HandedOver;
        return new MatterDecision.Moved(
            moved.Call, Names.Camel(happening.What), happening.By?.Value ?? (clock ? JournalEntry.ByClock : JournalEntry.ByCaller), happening.Answer, happening.Due, happening.Detail);
    }

    private static CallCommand.Absorb Absorbs(Post? by, WhistleCall call) => new(by, call.No, call.Level, Leaves: false) { Hidden = call.Recusal, Drill = call.Drill, Reporter = call.Guide, Guides = call.Guides };

    /// <summary>
    /// 我也遇到: the new whistle continues in the other case if that has the same category and grid, is as urgent, and is shown to everyone. If not, or
    /// if the other has ended meanwhile or someone is in danger, the whistle stays a case of its own, so guessing numbers reveals nothing.
    /// </summary>
    private Held? Join(DeskBatch batch, DeskJob job, Held held, CallNo into)
    {
        var own = (WhistleCall)held.Matter;
        if (batch.Find(into)?.Matter is not WhistleCall other || own.Danger || other.Grid != own.Grid || other.Category != own.Category) return null;
        if (!Sight.IsShownToAll(other) || own.Recusal != Recusal.None) return null;
        if (Decide(own, new CallCommand.Merge(null, into), batch.World) is not MatterDecision.Moved moved) return null;
        return batch.Beside(job, into, Absorbs(null, own)) is null ? batch.Advance(job, held, moved) : null;
    }
}
