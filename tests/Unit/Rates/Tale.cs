using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Rates;

namespace DispatchCenter.Unit.Rates;

/// <summary>
/// One case as the journal tells it: accept due after 15 minutes, arrive after 60, resolve after 24 hours. Times are minutes since the
/// whistle, on Monday 2 November 2026 at nine unless told otherwise.
/// </summary>
internal sealed class Tale
{
    public static readonly DateTimeOffset Nine = TestStreet.At("2026-11-02 09:00");

    private static int _count;

    private readonly DateTimeOffset _opened;
    private RateCard _card;

    public Tale(string category = "02", string community = "c1", DateTimeOffset? opened = null, bool drill = false, bool child = false, params string[] rings)
    {
        (No, _opened) = ($"W{++_count:D7}", opened ?? Nine);
        _card = new RateCard(category, community, "ringing", null, false, rings is [] ? ["t1"] : [.. rings], drill, child,
            [Answer("accept", 15), Answer("arrive", 60), Answer("resolve", 24 * 60)]);
        Then(0, "whistled");
    }

    public string No { get; }

    public List<RateEntry> Entries { get; } = [];

    public DateTimeOffset At(int minute) => _opened.AddMinutes(minute);

    /// <summary>Anything else that happens, with what the card says then.</summary>
    public Tale Then(int minute, string what, params string[] detail)
    {
        Entries.Add(new RateEntry(No, Entries.Count + 1, At(minute), what, null, [.. detail.Select(Details.One)], _card));
        return this;
    }

    public Tale Becomes(int minute, string what, string state, params string[] detail)
    {
        _card = _card with { State = state };
        return Then(minute, what, detail);
    }

    /// <summary>A clock's act that the tick did late.</summary>
    public Tale ByClock(int minute, int due, string what)
    {
        Then(minute, what);
        Entries[^1] = Entries[^1] with { Due = At(due) };
        return this;
    }

    public Tale Accepted(int minute, string team = "t1") => Leads(team).Met("accept", minute).Becomes(minute, "accepted", "accepted");

    public Tale Arrived(int minute) => Met("arrive", minute).Becomes(minute, "arrived", "onScene");

    public Tale Resolved(int minute) => Met(_card.Answers.Last(a => a.Kind == "resolve").Key, minute).Becomes(minute, "resolved", "resolved");

    public Tale Verified(int minute) => Becomes(minute, "verified", "verified");

    public Tale Evaluated(int minute, string satisfaction = "satisfied") => Becomes(minute, "evaluated", "closed", "solved", $"satisfaction:{satisfaction}");

    /// <summary>Given all answers in time, and solved to satisfaction.</summary>
    public Tale Goes(string team = "t1", string satisfaction = "satisfied") => Accepted(5, team).Arrived(30).Resolved(100).Verified(200).Evaluated(300, satisfaction);

    public Tale Returned(int minute)
    {
        _card = _card with { Lead = null, LeadIsTeam = false, Answers = [.. _card.Answers.Select(a => a.Kind == "resolve" ? a : a with { MetAt = null })] };
        return Becomes(minute, "returned", "ringing", "reason:noPower");
    }

    public Tale Reopened(int minute)
    {
        _card = _card with { Answers = _card.Answers.Add(new RateAnswer("resolve2", "resolve", At(minute + 1440), null, false)) };
        return Becomes(minute, "reopened", "onScene", "notSolved", "satisfaction:dissatisfied");
    }

    /// <summary>The lead changes hands: to a team, or to a desk.</summary>
    public Tale Leads(string lead)
    {
        _card = _card with { Lead = lead, LeadIsTeam = lead.StartsWith('t') };
        return this;
    }

    public Tale Breaches(string key)
    {
        _card = _card with { Answers = [.. _card.Answers.Select(a => a.Key == key ? a with { Breached = true } : a)] };
        return this;
    }

    public Tale CorrectedTo(int minute, string category, string community)
    {
        _card = _card with { Category = category, Community = community };
        return Then(minute, "corrected", $"category:{category}");
    }

    private Tale Met(string key, int minute)
    {
        _card = _card with { Answers = [.. _card.Answers.Select(a => a.Key == key ? a with { MetAt = At(minute) } : a)] };
        return this;
    }

    private RateAnswer Answer(string key, int minutes) => new(key, key, At(minutes), null, false);
}

/// <summary>Reads tales as the rates do.</summary>
internal static class Tales
{
    /// <summary>As it was at an instant: the book knows no later entry.</summary>
    public static RateBook Book(this IEnumerable<Tale> tales, DateTimeOffset asOf)
    {
        var book = new RateBook();
        foreach (var entry in tales.SelectMany(t => t.Entries).Where(e => e.At <= asOf).OrderBy(e => e.At)) book.Apply(entry);
        return book;
    }

    /// <summary>The whole street's figures, by default a week later.</summary>
    public static Figures Figures(this IEnumerable<Tale> tales, int atMinute = 7 * 1440, RatesBy by = RatesBy.Street)
    {
        var asOf = Tale.Nine.AddMinutes(atMinute);
        return tales.Book(asOf).At(asOf, by).Values.SingleOrDefault() ?? Domain.Rates.Figures.None;
    }

    public static Figures Figures(this Tale tale, int atMinute = 7 * 1440, RatesBy by = RatesBy.Street) => new[] { tale }.Figures(atMinute, by);
}
