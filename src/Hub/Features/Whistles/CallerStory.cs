using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>What a caller is told about their case, one plain sentence per step. Names teams, desks and called parties; no person, no post, nothing about recusals.</summary>
public sealed class CallerStory(StreetBook streets, PolicyBook policies, TimeProvider time)
{
    /// <summary>Sentences per case; a longer story keeps the last ones.</summary>
    public const int Most = 200;


    /// <summary>The kind under which words for callers are stored.</summary>
    public const string Words = "told";

    /// <summary>The steps of a case, oldest first; for a merged case its own, then those of the case it continues in.</summary>
    /// <param name="words">What callers were told, by case and version; erased words are told no more.</param>
    internal IReadOnlyList<ToldLine> Tell(WhistleCall own, IReadOnlyList<JournalEntry> history, IReadOnlyList<JournalEntry> leading, IReadOnlyDictionary<(string No, int Version), string> words)
    {
        var since = history.LastOrDefault(e => e.What == "merged")?.Seq ?? 0;
        var told = history.SelectMany(e => Tell(e, own.PolicyVersion, own.No, isOwn: true, words)).Concat(leading.Where(e => e.Seq > since).SelectMany(e => Tell(e, own.PolicyVersion, own.No, isOwn: false, words))).ToList();
        return told.Count > Most ? told[^Most..] : told;
    }

    /// <summary>While nobody has accepted it: who was called, and what the caller can do; otherwise null.</summary>
    internal ToldLine? Waits(WhistleCall call)
    {
        if (call.State is not CallState.Ringing) return null;
        var now = time.GetUtcNow();
        var owed = call.Answers.FirstOrDefault(a => a.IsOwed)?.Clock;
        var resting = owed is not null && owed.Due > now && policies.Current.CalendarOf(call.PolicyVersion).Add(now, new Span(owed.Kind, TimeSpan.FromMinutes(1))) > now.AddMinutes(1);
        var due = owed is not null && owed.Due > now ? When(owed.Due) : Say("told_soon");
        var code = resting ? (call.NobodyOnDuty ? "waits_hours_nobody" : "waits_hours")
            : call.NobodyOnDuty ? "waits_nobody"
            : call.Rung switch
            {
                Rung.Team => "waits_team",
                Rung.Community => "waits_community",
                _ => "waits_street",
            };
        return Line(now, code, code == "waits_team" ? Teams(call.Ringing.Select(t => t.Value)) : Community(call.Community.Value), due);
    }

    /// <summary>The public telephone through which a guide is reached: the desk's of their community, or the street's. A person's number never stands here.</summary>
    internal string? PhoneOf(LeadCard guide) =>
        (guide.Community is { } community ? streets.Map.FindCommunity(community)?.DutyPhone : null) ?? streets.Map.DutyPhone;

    private IEnumerable<ToldLine> Tell(JournalEntry entry, int policy, CallNo own, bool isOwn, IReadOnlyDictionary<(string No, int Version), string> words)
    {
        if (words.TryGetValue((entry.CallNo, entry.Version), out var said)) yield return Line(entry.At, "told_toldCaller", Both(said));
        var card = JsonSerializer.Deserialize(entry.Card, ContractsJson.Default.CallCard)!;
        if (Main(entry, card, policy, own, isOwn) is { } main) yield return main;
        foreach (var detail in entry.Detail)
            if (CodeOf(detail) is { } code && (isOwn || detail is not Detail.CallerWithdrew)) yield return Line(entry.At, code, Community(card.Community));
    }

    private ToldLine? Main(JournalEntry entry, CallCard card, int policy, CallNo own, bool isOwn)
    {
        ToldLine Plain(string? code = null) => Line(entry.At, code ?? $"told_{entry.What}");
        return entry.What switch
        {
            "whistled" or "arrived" or "resolved" or "returned" or "verified" or "rejected" or "evaluated" or "reopened" or "corrected" or "handedUp" or "merged" or "unmerged"
                or "childOpened" or "declined" or "difficult" or "withdrawn" or "closed" => Plain(),
            "accepted" => Line(entry.At, "told_accepted", Lead(card.Lead)),
            "handedOver" when entry.Detail.OfType<Detail.To>().Any() => Line(entry.At, "told_handedOver", Lead(card.Lead)),
            "helpComes" when entry.Detail.OfType<Detail.Team>().FirstOrDefault() is { } helper => Line(entry.At, "told_helpComes", Teams([helper.Sent.Value])),
            "designated" => Line(entry.At, "told_designated", Teams(card.Teams)),
            "summoned" or "attended" or "finished" or "released" when Party(entry, policy) is { } party => Line(entry.At, $"told_{entry.What}", party),
            "granted" when entry.Detail.Contains(new Detail.Petition(PetitionKind.Suspension)) && card.SuspendedUntil is { } until => Line(entry.At, "told_suspended", When(until)),
            "granted" when entry.Detail.Contains(new Detail.Petition(PetitionKind.Extension)) && card.Answers.LastOrDefault(a => a.Kind == "resolve") is { } resolve => Line(entry.At, "told_extended", When(resolve.Due)),
            "resumed" => Plain(),
            "emergencyConfirmed" when entry.Detail.OfType<Detail.Number>().FirstOrDefault() is { Called: var number } => Line(entry.At, "told_emergencyConfirmed", Both(number)),
            "noted" when entry.Detail.OfType<Detail.Phone>().FirstOrDefault() is { } mended && (isOwn ? !entry.Detail.Any(d => d is Detail.Of) : entry.Detail.Contains(new Detail.Of(own))) =>
                Plain(mended.Change == PhoneChange.Removed ? "told_phone_removed" : "told_phone_changed"),
            "evaluatedPart" when !isOwn && entry.Detail.Contains(new Detail.Of(own)) => Plain(),
            "lapsed" when entry.Answer is { } late => Late(late) is { } code ? Plain(code) : null,
            _ => null,
        };
    }

    /// <summary>The sentence a detail gives a caller; null if none.</summary>
    private static string? CodeOf(Detail detail) => detail switch
    {
        Detail.Skipped { Seat: Seat.Team } => "told_skipped_team",
        Detail.Skipped => "told_skipped_community",
        Detail.Climbed { Tier: Rung.Community } => "told_climbed_community",
        Detail.Climbed { Tier: Rung.Street } => "told_climbed_street",
        Detail.NobodyOnDuty => "told_nobody",
        Detail.Rang => "told_rang",
        Detail.Taken { By: Rung.Community } => "told_lead_community",
        Detail.Taken { By: Rung.Street } => "told_lead_street",
        Detail.LeadRecused => "told_lost",
        Detail.Resumed => "told_resumed",
        Detail.CallerWithdrew => "told_withdrew",
        _ => null,
    };

    private static string? Late(string answer) => answer switch
    {
        "arrive" => "told_late_arrive",
        Life.OutsideKey => "told_late_city",
        _ when answer.StartsWith("resolve", StringComparison.Ordinal) => "told_late_resolve",
        _ => null,
    };

    private (string Zh, string En)? Party(JournalEntry entry, int policy)
    {
        if (entry.Detail.OfType<Detail.OfParty>().FirstOrDefault() is not { Code: var code }) return null;
        return policies.Current.Of(policy).FindParty(code) is { } party ? (party.Name, party.NameEn) : null;
    }

    /// <summary>The team and the kind of post, or the desk; never the person.</summary>
    private (string Zh, string En) Lead(LeadCard? lead)
    {
        if (lead is null) return Both(string.Empty);
        var post = Say("post_" + lead.Post);
        if (lead.Team is { } team) return Fill("winner_team", Teams([team]), post);
        return lead.Community is { } community ? Fill("told_desk", Community(community)) : post;
    }

    private (string Zh, string En) Teams(IEnumerable<string> codes)
    {
        var teams = codes.Select(streets.PlaceNames.Team).ToList();
        return teams.Count == 0 ? Say("told_teams") : (string.Join(Say("told_and").Zh, teams.Select(t => t.Zh)), string.Join(Say("told_and").En, teams.Select(t => t.En)));
    }

    private (string Zh, string En) Community(string code) => streets.PlaceNames.Community(code);

    /// <summary>"14:05" today, otherwise with the date; as the clock on the wall shows it.</summary>
    private (string Zh, string En) When(DateTimeOffset at)
    {
        var (local, today) = (at.ToOffset(WorkCalendar.Offset), time.GetUtcNow().ToOffset(WorkCalendar.Offset).Date);
        var (zh, en) = Say(local.Date == today ? "told_hour" : "told_day");
        return (local.ToString(zh, CultureInfo.InvariantCulture), local.ToString(en, CultureInfo.InvariantCulture));
    }

    private static ToldLine Line(DateTimeOffset at, string code, params (string Zh, string En)[] blanks)
    {
        var (zh, en) = Fill(code, blanks);
        return new ToldLine(at, code, zh, en);
    }

    private static (string Zh, string En) Fill(string code, params (string Zh, string En)[] blanks)
    {
        var (zh, en) = Say(code);
        return (string.Format(CultureInfo.InvariantCulture, zh, [.. blanks.Select(b => (object)b.Zh)]), string.Format(CultureInfo.InvariantCulture, en, [.. blanks.Select(b => (object)b.En)]));
    }

    private static (string Zh, string En) Both(string text) => (text, text);

    private static (string Zh, string En) Say(string code)
    {
        var (_, zh, en) = Sentences.Find(code);
        return (zh, en);
    }
}
