using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What the desk needs to know of the street at the moment of a batch.</summary>
/// <param name="Plan">Decides which notifications to send outside the pages; null if the street has no channel, and then none are sent.</param>
internal sealed record DeskWorld(DateTimeOffset Now, Func<int, Surroundings> Under, int CurrentPolicy, Plan? Plan = null);

/// <summary>
/// One transaction: decides the jobs in order, each on the cases as the earlier ones left them, and writes rows and journal. Nothing leaves it before
/// the commit; any failure discards all of it.
/// </summary>
internal sealed class DeskBatch(DeskStore store, DeskWorld world)
{
    /// <summary>How long an idempotency key is remembered.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<string, string> _cards = [];
    private readonly HashSet<string> _changed = [];
    private readonly Queue<CallNo> _hidden = [];
    private Dictionary<string, Held> _held = [];
    private Dictionary<(string Scope, string Key), (string Hash, string CallNo)> _keys = [];
    private Head _head;
    private string? _firstCommand;
    private long _firstSeq;

    /// <summary>The entries to publish after the commit, in order.</summary>
    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>The cases opened by whistles.</summary>
    public List<WhistleCall> Opened { get; } = [];

    /// <summary>The number of notices put into the outbox.</summary>
    public int Notices { get; private set; }

    /// <summary>Decides and commits; the replies are in the order of the jobs.</summary>
    /// <exception cref="OutcomeUnknownException">The commit failed but may have taken effect.</exception>
    public List<DeskReply> Run(IReadOnlyList<DeskJob> jobs)
    {
        _head = store.Begin();
        _keys = store.FindKeys([.. jobs.Select(j => j.Key).OfType<RequestKey>()], world.Now - KeyLife);
        _held = store.Load([.. jobs.Select(j => (j.Request as DeskRequest.Ask)?.CallNo.Value).Concat(_keys.Values.Select(k => k.CallNo)).OfType<string>().Distinct()]);
        var replies = new List<DeskReply>(jobs.Count);
        foreach (var job in jobs) replies.Add(Decide(job));
        foreach (var no in _changed) store.SaveCall(_held[no], _cards[no]);
        if (_entries.Count == 0)
        {
            store.Rollback();
            return replies;
        }

        store.Flush(_head);
        try
        {
            store.Commit();
        }
        catch (Exception e)
        {
            throw new OutcomeUnknownException(_firstSeq, _firstCommand!, replies, e);
        }

        return replies;
    }

    private DeskReply Decide(DeskJob job)
    {
        if (job.Key is { } key && _keys.TryGetValue((key.Scope, key.Key), out var used))
            return used.Hash == key.Hash ? Done(_held[used.CallNo]) : new DeskReply.KeyReused();
        var reply = job.Request switch
        {
            DeskRequest.Blow blow => Open(job, blow),
            DeskRequest.Ask ask => Ask(job, ask),
            _ => throw new InvalidOperationException($"Unknown request {job.Request.GetType().Name}."),
        };
        HideWithThem(job);
        return reply;
    }

    /// <summary>A case just hidden from more posts hides its children, and the cases merged into it, from them too.</summary>
    private void HideWithThem(DeskJob job)
    {
        while (_hidden.TryDequeue(out var no))
        {
            var call = _held[no.Value].Call;
            foreach (var other in call.Children.AddRange(call.Joined)) Beside(job, other, new CallCommand.Hide((job.Request as DeskRequest.Ask)?.Command.Asker?.Id, call.Recusal));
        }
    }

    private DeskReply Open(DeskJob job, DeskRequest.Blow blow)
    {
        var before = _head;
        var no = NextCallNo();
        if (blow.Parent is { } of && Beside(job, of, new CallCommand.OpenChild(blow.By!, no)) is { } refusal)
        {
            _head = before with { Seq = _head.Seq };
            return refusal;
        }

        var whistle = new Whistle(no, blow.Category, blow.Grid, blow.Station, blow.Danger, blow.HideFromProperty, blow.Drill, blow.Source, blow.By)
        {
            Parent = blow.Parent,
            Standard = blow.Standard,
            Hidden = Hidden(blow),
        };
        var moved = Life.Open(whistle, world.Under(world.CurrentPolicy));
        Opened.Add(moved.Call);
        var held = new Held(moved.Call, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), IsNew: true);
        var by = Write(job, held, moved, before: null);
        if (blow.Description.Length > 0) store.SaveWords(no.Value, 1, by, world.Now, new CallWords("description", blow.Description));
        if (blow.Photos.Count > 0) store.SavePhotos(no.Value, 1, by, new CallPhotos(CallPhotos.Whistle, blow.Photos));
        if (blow.Caller != Caller.Unknown) store.SaveCaller(no.Value, blow.Caller);
        if (blow.Joins is { } other && Join(job, held, other) is { } joined) held = joined;
        return Keep(job, held);
    }

    /// <summary>A child is hidden from everyone its parent is hidden from.</summary>
    private Recusal Hidden(DeskRequest.Blow blow) => blow.Parent is { } parent ? Find(parent)!.Call.Recusal : Recusal.None;

    private DeskReply Ask(DeskJob job, DeskRequest.Ask ask)
    {
        if (!_held.TryGetValue(ask.CallNo.Value, out var held)) return new DeskReply.Refused(Refusal.NotFound, null);
        var surroundings = world.Under(held.Call.PolicyVersion);
        if (ask.Command is CallCommand.Lapse lapse && held.Call.NextDue != lapse.Seen) return new DeskReply.Refused(Refusal.ClockMoved, held.Call);
        var late = Life.CatchUp(held.Call, surroundings);
        foreach (var moved in late) held = Advance(job, held, moved);
        if (ask.Command is CallCommand.Lapse) return late.IsEmpty ? new DeskReply.Refused(Refusal.ClockMoved, held.Call) : Done(held);

        var command = ask.Command is CallCommand.Merge merge && Find(merge.Into) is { } into ? merge with { Hidden = into.Call.Recusal } : ask.Command;
        switch (Life.Decide(held.Call, command, surroundings))
        {
            case Decision.Moved moved when Other(held.Call, command) is { } other && Beside(job, other.No, other.Command) is { } refusal:
                return refusal;
            case Decision.Moved moved:
                var before = held.Call.Audience;
                held = held with { Call = moved.Call };
                var by = Write(job, held, Claimed(moved, ask), before);
                if (ask.Photos is { } photos) store.SavePhotos(ask.CallNo.Value, moved.Call.Version, by, photos);
                if (ask.Words is { Text.Length: > 0 } words) store.SaveWords(ask.CallNo.Value, moved.Call.Version, by, world.Now, words);
                return Keep(job, held);
            case Decision.Already:
                return Done(held);
            case Decision.Refused refused:
                return new DeskReply.Refused(refused.Why, refused.Why == Refusal.NotFound ? null : held.Call);
            default:
                throw new InvalidOperationException("Unknown decision.");
        }
    }

    /// <summary>Records when the phone says it was tapped, if well before now. The clocks use the time of receipt.</summary>
    private static Decision.Moved Claimed(Decision.Moved moved, DeskRequest.Ask ask) => ask.Claimed is not { } at ? moved : moved with
    {
        Happening = moved.Happening with { Detail = moved.Happening.Detail.Add(new Detail.Claimed(at)) },
    };

    /// <summary>The other case that a command changes along with this one.</summary>
    private static (CallNo No, CallCommand Command)? Other(WhistleCall call, CallCommand command) => command switch
    {
        CallCommand.Merge c => (c.Into, Absorbs(c.By, call)),
        CallCommand.Withdraw when call.State is CallState.Merged merged => (merged.Into, new CallCommand.Absorb(null, call.No, call.Level, Leaves: true)),
        CallCommand.Unmerge c when call.State is CallState.Merged merged => (merged.Into, new CallCommand.Absorb(c.By, call.No, call.Level, Leaves: true)),
        _ => null,
    };

    private static CallCommand.Absorb Absorbs(Post? by, WhistleCall call) => new(by, call.No, call.Level, Leaves: false) { Hidden = call.Recusal, Drill = call.Drill, Reporter = call.Guide };

    /// <summary>A second case, in its state so far in this batch.</summary>
    private Held? Find(CallNo no)
    {
        if (_held.TryGetValue(no.Value, out var known)) return known;
        if (!store.Load([no.Value]).TryGetValue(no.Value, out var loaded)) return null;
        return _held[no.Value] = loaded;
    }

    /// <summary>Decides on a second case within the same job; null if it moved. Leaving a case that does not know this one is no error.</summary>
    private DeskReply.Refused? Beside(DeskJob job, CallNo no, CallCommand command)
    {
        if (Find(no) is not { } other) return new DeskReply.Refused(Refusal.CannotMerge, null);
        var surroundings = world.Under(other.Call.PolicyVersion);
        foreach (var late in Life.CatchUp(other.Call, surroundings)) other = Advance(job, other, late);
        switch (Life.Decide(other.Call, command, surroundings))
        {
            case Decision.Moved moved:
                Advance(job, other, moved);
                return null;
            case Decision.Refused refused:
                return new DeskReply.Refused(refused.Why, null);
            default:
                return null;
        }
    }

    /// <summary>
    /// 我也遇到: the new whistle continues in the other case if that has the same category and grid, is as urgent, and is shown to everyone. If not, or
    /// if the other has ended meanwhile or someone is in danger, the whistle stays a case of its own, so guessing numbers reveals nothing.
    /// </summary>
    private Held? Join(DeskJob job, Held held, CallNo into)
    {
        if (Find(into) is not { } other || held.Call.Danger || other.Call.Grid != held.Call.Grid || other.Call.Category != held.Call.Category) return null;
        if (!Sight.IsShownToAll(other.Call) || held.Call.Recusal != Recusal.None) return null;
        if (Life.Decide(held.Call, new CallCommand.Merge(null, into), world.Under(world.CurrentPolicy)) is not Decision.Moved moved) return null;
        return Beside(job, into, Absorbs(null, held.Call)) is null ? Advance(job, held, moved) : null;
    }

    private Held Advance(DeskJob job, Held held, Decision.Moved moved)
    {
        var next = held with { Call = moved.Call };
        Write(job, next, moved, held.Call.Audience);
        return next;
    }

    private string Write(DeskJob job, Held held, Decision.Moved moved, Audience? before)
    {
        var call = moved.Call;
        var card = JsonSerializer.SerializeToUtf8Bytes(Cards.Of(call), ContractsJson.Default.CallCard);
        var after = call.Audience;
        var clock = moved.Happening.Due is not null || moved.Happening.What is What.Rang or What.HandedOver;
        var entry = new JournalEntry
        {
            Seq = _head.Seq + 1,
            CallNo = call.No.Value,
            Version = call.Version,
            At = world.Now,
            By = moved.Happening.By?.Value ?? (clock ? JournalEntry.ByClock : JournalEntry.ByCaller),
            What = Names.Camel(moved.Happening.What),
            Answer = moved.Happening.Answer,
            Due = moved.Happening.Due,
            Detail = moved.Happening.Detail,
            Audience = after,
            Before = before is null || before.SameAs(after) ? after : before,
            Card = card,
            Trace = job.Span?.Context ?? default,
        };
        if (_entries.Count == 0) (_firstSeq, _firstCommand) = (entry.Seq, job.Id);
        _head = _head with { Seq = entry.Seq };
        _entries.Add(entry);
        var was = _held.GetValueOrDefault(entry.CallNo)?.Call;
        if (was?.Recusal is { } less && less != call.Recusal) _hidden.Enqueue(call.No);
        if (world.Plan is { } plan) Tell(plan, was, call, moved.Happening.What);
        _held[entry.CallNo] = held;
        _changed.Add(entry.CallNo);
        var text = Encoding.UTF8.GetString(card);
        _cards[entry.CallNo] = text;
        store.SaveEntry(entry, text, job.Id);
        return entry.By;
    }

    /// <summary>Puts the notices that a change causes into the outbox and cancels those it makes pointless, in the same transaction.</summary>
    private void Tell(Plan plan, WhistleCall? before, WhistleCall after, What what)
    {
        if (before?.State is CallState.Ringing && after.State is not CallState.Ringing) store.CancelNotices(after.No.Value, null, world.Now);
        else if (before is not null)
            foreach (var address in Plan.NoLongerRung(before, after)) store.CancelNotices(after.No.Value, address, world.Now);
        foreach (var notice in plan.Of(before, after, what, world.Now))
        {
            store.SaveNotice(notice, world.Now);
            Notices++;
        }
    }

    private DeskReply.Done Keep(DeskJob job, Held held)
    {
        if (job.Key is { } key)
        {
            store.SaveKey(key, held.Call.No.Value, world.Now);
            _keys[(key.Scope, key.Key)] = (key.Hash, held.Call.No.Value);
        }

        return Done(held);
    }

    private static DeskReply.Done Done(Held held) => new(held.Call, held.Tracking);

    /// <summary>
    /// W, the day in Asia/Shanghai, and a counter for the day: W261122-00042. If the clock has stepped back over midnight, the later
    /// day is kept: its counter is known, that of the earlier day is not.
    /// </summary>
    private CallNo NextCallNo()
    {
        var day = world.Now.ToOffset(WorkCalendar.Offset).ToString("yyMMdd", CultureInfo.InvariantCulture);
        _head = string.CompareOrdinal(day, _head.Day) > 0 ? _head with { Day = day, DayCount = 1 } : _head with { DayCount = _head.DayCount + 1 };
        return new CallNo($"W{_head.Day}-{_head.DayCount:D5}");
    }
}
