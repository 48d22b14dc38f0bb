using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What the desk needs to know of the street at the moment of a batch.</summary>
/// <param name="Under">What holds for a whistle under a version of the policy.</param>
/// <param name="UnderProcedure">What holds for a matter: a procedure, its version, and a version of the policy.</param>
/// <param name="Plan">Decides which notifications to send outside the pages; null if the street has no channel, and then none are sent.</param>
internal sealed record DeskWorld(DateTimeOffset Now, Func<int, Surroundings> Under, Func<string, int, int, MatterWorld> UnderProcedure, int CurrentPolicy, Plan? Plan = null);

/// <summary>
/// One transaction: decides the jobs in order, each on the matters as the earlier ones left them, and writes rows and journal. Nothing leaves it before
/// the commit; any failure discards all of it. It knows no kind of matter: what one decides, opens and shows is in its <see cref="MatterKind"/>.
/// </summary>
internal sealed class DeskBatch(DeskStore store, DeskWorld world)
{
    /// <summary>How long an idempotency key is remembered.</summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<string, string> _cards = [];
    private readonly HashSet<string> _changed = [];
    private readonly Dictionary<string, string?> _phones = []; // the last one of each caller
    private readonly Queue<(CallNo No, IMatterCommand Command)> _told = [];
    private Dictionary<string, Held> _held = [];
    private Dictionary<(string Scope, string Key), (string Hash, string CallNo)> _keys = [];
    private Head _head;
    private string? _firstCommand;
    private long _firstSeq;

    public DeskWorld World => world;

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
        foreach (var (no, phone) in _phones) store.ReplacePhone(no, phone, world.Now);
        foreach (var no in _changed) _held[no].Kind.Save(store, _held[no], _cards[no]);
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

    /// <summary>A matter in its state so far in this batch; null if there is none.</summary>
    public Held? Find(CallNo no)
    {
        if (_held.TryGetValue(no.Value, out var known)) return known;
        if (!store.Load([no.Value]).TryGetValue(no.Value, out var loaded)) return null;
        return _held[no.Value] = loaded;
    }

    /// <summary>What a new matter is hidden from: everyone its parent is hidden from.</summary>
    public Recusal HiddenWith(CallNo? parent) => parent is { } no ? Find(no)!.Matter.Recusal : Recusal.None;

    /// <summary>Whether a parent is a drill: what comes out of a drill is one too.</summary>
    public bool IsDrill(CallNo? parent) => parent is { } no && Find(no)?.Matter is WhistleCall { Drill: true } or Proceeding { Drill: true };

    /// <summary>
    /// The letter of the kind, the day in Asia/Shanghai, and a counter for the day: W261122-00042. If the clock has stepped back over midnight, the later
    /// day is kept: its counter is known, that of the earlier day is not. A parent has to allow the child first; a refusal takes no number.
    /// </summary>
    public DeskReply.Refused? TakeNumber(char letter, CallNo? parent, Func<CallNo, IMatterCommand> child, DeskJob job, out CallNo no)
    {
        var before = _head;
        var day = world.Now.ToOffset(WorkCalendar.Offset).ToString("yyMMdd", CultureInfo.InvariantCulture);
        _head = string.CompareOrdinal(day, _head.Day) > 0 ? _head with { Day = day, DayCount = 1 } : _head with { DayCount = _head.DayCount + 1 };
        no = new CallNo($"{letter}{_head.Day}-{_head.DayCount:D5}");
        if (parent is not { } of || Beside(job, of, child(no)) is not { } refusal) return null;
        _head = before with { Seq = _head.Seq };
        return refusal;
    }

    /// <summary>Writes a new matter.</summary>
    public Held Begin(DeskJob job, MatterKind kind, MatterDecision.Moved moved)
    {
        var held = new Held(moved.Matter, kind, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), Was: null);
        return held with { By = Write(job, held, moved, before: null) };
    }

    /// <summary>Decides on a second matter within the same job; null if it moved. Leaving a case that does not know this one is no error. One that is hidden from the asker is not there.</summary>
    public DeskReply.Refused? Beside(DeskJob job, CallNo no, IMatterCommand command)
    {
        if (Find(no) is not { } other) return new DeskReply.Refused(Refusal.NotFound, null);
        foreach (var late in other.Kind.CatchUp(other.Matter, world)) other = Advance(job, other, late);
        switch (other.Kind.Decide(other.Matter, command, world))
        {
            case MatterDecision.Moved moved:
                Advance(job, other, moved);
                return null;
            case MatterDecision.Refused refused:
                return new DeskReply.Refused(refused.Why, null);
            default:
                return null;
        }
    }

    public Held Advance(DeskJob job, Held held, MatterDecision.Moved moved)
    {
        var next = held with { Matter = moved.Matter };
        return next with { By = Write(job, next, moved, held.Matter.Audience) };
    }

    public void SaveWords(Held held, CallWords words)
    {
        if (words.Text.Length > 0) store.SaveWords(held.Matter.No.Value, held.Matter.Version, held.By, world.Now, words);
    }

    public void SavePhotos(Held held, CallPhotos photos) => store.SavePhotos(held.Matter.No.Value, held.Matter.Version, held.By, photos);

    public void SaveCaller(Held held, Caller caller) => store.SaveCaller(held.Matter.No.Value, caller);

    public void SaveReport(Held held, string bearer) => store.SaveReport(held.Matter.No.Value, bearer);

    public DeskReply.Done Keep(DeskJob job, Held held)
    {
        if (job.Key is { } key)
        {
            store.SaveKey(key, held.Matter.No.Value, world.Now);
            _keys[(key.Scope, key.Key)] = (key.Hash, held.Matter.No.Value);
        }

        return Done(held);
    }

    private static DeskReply.Done Done(Held held) => new(held.Matter, held.Tracking);

    private DeskReply Decide(DeskJob job)
    {
        if (job.Key is { } key && _keys.TryGetValue((key.Scope, key.Key), out var used))
            return used.Hash == key.Hash ? Done(_held[used.CallNo]) : new DeskReply.KeyReused();
        var reply = job.Request switch
        {
            DeskRequest.Blow => MatterKinds.Whistle.Open(this, job),
            DeskRequest.Begin => MatterKinds.Procedure.Open(this, job),
            DeskRequest.Ask ask => Ask(job, ask),
            _ => throw new InvalidOperationException($"Unknown request {job.Request.GetType().Name}."),
        };
        while (_told.TryDequeue(out var tell)) Beside(job, tell.No, tell.Command);
        return reply;
    }

    private DeskReply Ask(DeskJob job, DeskRequest.Ask ask)
    {
        if (!_held.TryGetValue(ask.CallNo.Value, out var held)) return new DeskReply.Refused(Refusal.NotFound, null);
        if (ask.Command.Lapsed is { } seen && held.Matter.NextDue != seen) return new DeskReply.Refused(Refusal.ClockMoved, held.Matter);
        var late = held.Kind.CatchUp(held.Matter, world);
        foreach (var moved in late) held = Advance(job, held, moved);
        if (ask.Command.Lapsed is not null) return late.Count == 0 ? new DeskReply.Refused(Refusal.ClockMoved, held.Matter) : Done(held);

        var command = held.Kind.Informed(ask.Command, no => Find(no)?.Matter);
        switch (held.Kind.Decide(held.Matter, command, world))
        {
            case MatterDecision.Moved when held.Kind.Beside(held.Matter, command) is { } other && Beside(job, other.No, other.Command) is { } refusal:
                // Of the other one nothing is told, not even whether its number was given.
                return new DeskReply.Refused(refusal.Why is Refusal.NotFound or Refusal.WrongTeam ? Refusal.CannotMerge : refusal.Why, held.Matter);
            case MatterDecision.Moved moved:
                held = Advance(job, held, Came(moved, ask));
                if (ask.Photos is { } photos) SavePhotos(held, photos);
                foreach (var no in ask.Phone?.Of ?? []) _phones[no] = ask.Phone!.Number;
                if (ask.Words is { } words) SaveWords(held, held.Kind.Kept(moved, words));
                return Keep(job, held) with { What = moved.What };
            case MatterDecision.Already:
                return Done(held) with { Already = true };
            case MatterDecision.Refused refused:
                return new DeskReply.Refused(refused.Why, refused.Why == Refusal.NotFound ? null : held.Matter);
            default:
                throw new InvalidOperationException("Unknown decision.");
        }
    }

    /// <summary>Records when the phone says it was tapped, if well before now, and by which channel it came. The clocks use the time of receipt.</summary>
    private static MatterDecision.Moved Came(MatterDecision.Moved moved, DeskRequest.Ask ask)
    {
        if (ask.Claimed is { } at) moved = moved with { Detail = moved.Detail.Add(new Detail.Claimed(at)) };
        return ask.Via is { } channel ? moved with { Detail = moved.Detail.Add(new Detail.Via(channel)) } : moved;
    }

    private string Write(DeskJob job, Held held, MatterDecision.Moved moved, Audience? before)
    {
        var matter = moved.Matter;
        var card = held.Kind.CardOf(matter);
        var after = matter.Audience;
        var entry = new JournalEntry
        {
            Seq = _head.Seq + 1,
            Kind = held.Kind.Name,
            CallNo = matter.No.Value,
            Version = matter.Version,
            At = world.Now,
            By = moved.By,
            What = moved.What,
            Answer = moved.Answer,
            Due = moved.Due,
            Detail = moved.Detail,
            Audience = after,
            Before = before is null || before.SameAs(after) ? after : before,
            Card = card,
            Trace = job.Span?.Context ?? default,
        };
        if (_entries.Count == 0) (_firstSeq, _firstCommand) = (entry.Seq, job.Id);
        _head = _head with { Seq = entry.Seq };
        _entries.Add(entry);
        var was = _held.GetValueOrDefault(entry.CallNo)?.Matter;
        if (was?.Recusal is { } less && less != matter.Recusal) HideDependents(job, matter);
        if (held.Kind.Tells(was, matter) is { } tell) _told.Enqueue(tell);
        if (world.Plan is { } plan) Tell(plan, held.Kind, was, moved);
        _held[entry.CallNo] = held;
        _changed.Add(entry.CallNo);
        var text = Encoding.UTF8.GetString(card);
        _cards[entry.CallNo] = text;
        store.SaveEntry(entry, text, job.Id);
        return entry.By;
    }

    /// <summary>A matter just hidden from more posts hides its children, and the cases merged into it, from them too.</summary>
    private void HideDependents(DeskJob job, IMatter matter)
    {
        var by = (job.Request as DeskRequest.Ask)?.Command.Asker?.Id;
        foreach (var no in matter.Dependents) _told.Enqueue((no, MatterKinds.Of(no.Value).Hide(by, matter.Recusal)));
    }

    /// <summary>Puts the notices that a change causes into the outbox and cancels those it makes pointless, in the same transaction.</summary>
    private void Tell(Plan plan, MatterKind kind, IMatter? before, MatterDecision.Moved moved)
    {
        if (before is not null)
            foreach (var address in kind.NoLongerTold(before, moved.Matter)) store.CancelNotices(moved.Matter.No.Value, address.Length == 0 ? null : address, world.Now);
        foreach (var notice in kind.Notices(plan, before, moved, world.Now))
        {
            store.SaveNotice(notice with { Seq = _head.Seq, Version = notice.CallNo == moved.Matter.No.Value ? moved.Matter.Version : 0 }, world.Now);
            Notices++;
        }
    }
}
