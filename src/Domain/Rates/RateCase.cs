using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;

namespace DispatchCenter.Domain.Rates;

/// <summary>Whether a case kept a promise.</summary>
public enum Promise
{
    /// <summary>Not due yet: it does not count.</summary>
    Pending,
    Kept,
    Broken,

    /// <summary>Broken, but every breach is exempt: it is excluded from the rate. The breach stays on record.</summary>
    Exempt,
}

/// <summary>One case, built from its journal up to some entry. Entries come in version order; a repeated one changes nothing.</summary>
public sealed class RateCase
{
    private readonly HashSet<string> _exempt = [];
    private readonly Dictionary<string, DateTimeOffset> _waiting = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _waits = [];
    private ImmutableArray<string> _firstRung = [];
    private string? _firstLead;
    private bool _handedOn;
    private bool _suspended;
    private bool _handedUp;
    private DateTimeOffset _cursor;
    private TimeParts _parts;
    private int _version;

    public RateCase(RateEntry first)
    {
        (CallNo, OpenedAt, _cursor, Card, _firstRung) = (first.CallNo, first.At, first.At, first.Card, first.Card.Teams);
        Apply(first);
    }

    public string CallNo { get; }

    /// <summary>The instant of its first entry: the receipt.</summary>
    public DateTimeOffset OpenedAt { get; }

    public RateCard Card { get; private set; }

    /// <summary>Parent cases only; not merged, withdrawn, declined or ever referred to the city; no drills.</summary>
    public bool IsValid => !Card.Drill && !Card.Child && !_handedUp && Card.State is not ("merged" or "withdrawn" or "declined");

    public bool Accepted { get; private set; }

    public bool Resolved { get; private set; }

    public bool Returned { get; private set; }

    /// <summary>Reopened by the caller, or failed 核查.</summary>
    public bool Redone { get; private set; }

    public bool Verified { get; private set; }

    /// <summary>The caller was asked or rated unprompted, whatever the result.</summary>
    public bool CalledBack { get; private set; }

    /// <summary>Whether the first team that rang and accepted resolved it, without a return or another team.</summary>
    public bool FirstHands { get; private set; }

    /// <summary>The caller's latest statement on whether it is solved; null if not reached.</summary>
    public bool? Solved { get; private set; }

    /// <summary>The caller's latest satisfaction: satisfied, mostlySatisfied, dissatisfied; null if none.</summary>
    public string? Satisfaction { get; private set; }

    /// <summary>One of the three answers missed its due time. An exemption does not change this.</summary>
    public bool Breached(DateTimeOffset asOf) => Card.Answers.Any(a => a.Kind is "accept" or "arrive" or "resolve" && IsLate(a, asOf));

    public void Apply(RateEntry entry)
    {
        if (entry.Version <= _version) return;
        _version = entry.Version;
        var resumed = entry.What == "resumed" || entry.Find<Detail.Resumed>() is not null;
        if (_suspended && resumed && entry.Due is { } ended && ended < entry.At)
        {
            Advance(ended);
            _suspended = false;
        }

        if (!HasEnded || !CallState.HasEnded(entry.Card.State)) Advance(entry.At); // what is added to a case that is over does not make it longer
        if (resumed) _suspended = false;
        Card = entry.Card;
        Note(entry);
    }

    /// <summary>接单 and 到场; due with 到场, or with 接单 if the pack has no 到场.</summary>
    /// <param name="ofTeam">For the team: lateness that falls entirely within a wait for a department is exempt.</param>
    public Promise Response(DateTimeOffset asOf, bool ofTeam)
    {
        var owed = Card.Answers.Where(a => a.Kind is "accept" or "arrive").OrderBy(a => a.Kind == "arrive").ToList();
        return owed.Count == 0 || owed[^1].Due >= asOf ? Promise.Pending : Judge(owed, asOf, ofTeam);
    }

    /// <summary>办结; due with the first one, broken by any: the first breach stays on record.</summary>
    public Promise Resolution(DateTimeOffset asOf, bool ofTeam)
    {
        var owed = Card.Answers.Where(a => a.Kind == "resolve").ToList();
        return owed.Count == 0 || owed[0].Due >= asOf ? Promise.Pending : Judge(owed, asOf, ofTeam);
    }

    /// <summary>The case's time up to its end, or to an instant.</summary>
    public TimeParts Parts(DateTimeOffset asOf) => HasEnded || asOf <= _cursor ? _parts : _parts.With(Part, asOf - _cursor);

    /// <summary>From receipt to end, or to an instant: the sum of the parts.</summary>
    public TimeSpan Time(DateTimeOffset asOf) => (HasEnded || asOf <= _cursor ? _cursor : asOf) - OpenedAt;

    private bool HasEnded => CallState.HasEnded(Card.State);

    private TimePart Part =>
        _suspended || HasEnded ? TimePart.Pause
        : Card.State == "ringing" ? TimePart.Reach
        : _waiting.Count > 0 || Card.State == "handedUp" ? TimePart.Department
        : TimePart.Human;

    private void Advance(DateTimeOffset to)
    {
        if (to <= _cursor) return;
        _parts = _parts.With(Part, to - _cursor);
        _cursor = to;
    }

    private void Note(RateEntry entry)
    {
        switch (entry.What)
        {
            case "accepted":
                if (!Accepted) _firstLead = entry.Card.LeadIsTeam && _firstRung.Contains(entry.Card.Lead!) ? entry.Card.Lead : null;
                Accepted = true;
                break;
            case "resolved":
                if (!Resolved) FirstHands = !_handedOn && _firstLead is not null && entry.Card.Lead == _firstLead;
                Resolved = true;
                break;
            case "returned":
                Returned = _handedOn = true;
                break;
            case "designated":
                _handedOn = true;
                break;
            case "handedUp":
                _handedUp = true;
                break;
            case "verified":
                Verified = true;
                break;
            case "rejected":
                Redone = true;
                break;
            case "evaluated" or "reopened" or "calledBack":
                Redone |= entry.What == "reopened";
                Hear(entry);
                break;
            case "granted" when entry.Find<Detail.Petition>()?.Kind == PetitionKind.Suspension:
                _suspended = true;
                break;
            case "exempted" when entry.Find<Detail.OfAnswer>()?.Key is { } key:
                _exempt.Add(key);
                break;
            case "summoned" when entry.Find<Detail.OfAnswer>()?.Key is { } key:
                _waiting.TryAdd(key, entry.At);
                break;
            case "attended" or "finished" or "released" when entry.Find<Detail.OfAnswer>()?.Key is { } key && _waiting.Remove(key, out var since):
                _waits.Add((since, entry.At));
                break;
        }

        if (!HasEnded) return;
        _waits.AddRange(_waiting.Values.Select(since => (since, entry.At)));
        _waiting.Clear();
        _suspended = false;
    }

    /// <summary>The caller's verdict. A callback that reached nobody counts as made and says nothing; one that got no verdict counts as not solved.</summary>
    private void Hear(RateEntry entry)
    {
        CalledBack = true;
        if (entry.What == "calledBack" && entry.Find<Detail.CalledBack>() is { Result: not CallbackResult.Reached }) return;
        Solved = entry.Find<Detail.Solved>() is { Is: true };
        Satisfaction = entry.Find<Detail.Rated>() is { Satisfaction: var said } ? Details.Camel(said) : Satisfaction;
    }

    private Promise Judge(List<RateAnswer> owed, DateTimeOffset asOf, bool ofTeam)
    {
        var late = owed.Where(a => IsLate(a, asOf)).ToList();
        if (late.Count == 0) return Promise.Kept;
        return late.All(a => _exempt.Contains(a.Key) || (ofTeam && Waited(a.Due, a.MetAt ?? asOf))) ? Promise.Exempt : Promise.Broken;
    }

    /// <summary>Exactly at due is on time. An answer that was breached and then met anew stays late.</summary>
    private static bool IsLate(RateAnswer answer, DateTimeOffset asOf) => answer.Breached || (answer.MetAt ?? asOf) > answer.Due;

    /// <summary>Whether a whole period lies within waits for departments.</summary>
    private bool Waited(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from) return false;
        foreach (var (since, until) in _waits.Concat(_waiting.Values.Select(s => (s, DateTimeOffset.MaxValue))).OrderBy(w => w.Item1))
        {
            if (since > from) break;
            if (until > from) from = until;
            if (from >= to) return true;
        }

        return false;
    }
}
