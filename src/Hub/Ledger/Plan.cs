using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>One message to send, in codes only: the exact recipient and the text are looked up when it is sent.</summary>
internal sealed record Notice(string Channel, string Address, string CallNo, string Event, DateTimeOffset NotBefore)
{
    public string Level { get; init; } = string.Empty;

    public string Category { get; init; } = string.Empty;

    public string Grid { get; init; } = string.Empty;

    /// <summary>The subject of a message that is not about a case, an unreachable post or a <see cref="Gap"/>; for a party, the key of its answer.</summary>
    public string Subject { get; init; } = string.Empty;

    /// <summary>Pointless once the case is accepted.</summary>
    public bool UntilAccepted { get; init; }

    /// <summary>The journal's entry that caused it; 0 for what no change of a case did.</summary>
    public long Seq { get; init; }

    /// <summary>The version that its case has since; 0 if it is told of another case's change.</summary>
    public long Version { get; init; }

    public string Lane => LaneOf(Channel, Address, CallNo);

    public static string LaneOf(string channel, string address, string callNo) => $"{channel}|{address}|{callNo}";

    /// <summary>The idempotency key of every attempt.</summary>
    public static string NewKey() => Guid.CreateVersion7().ToString("N");

    /// <summary>The row that waits in the outbox.</summary>
    public OutboxRow AsRow(DateTimeOffset now) => new()
    {
        Key = NewKey(), Channel = Channel, Address = Address, Lane = Lane, CallNo = CallNo, Event = Event, Level = Level, Category = Category, Grid = Grid, Subject = Subject, Detail = string.Empty,
        UntilAccepted = UntilAccepted, Seq = Seq, Version = Version, State = "waiting", Why = string.Empty, NotBefore = NotBefore, NextAt = NotBefore, LeaseUntil = DateTimeOffset.UnixEpoch, CreatedAt = now,
    };
}

/// <summary>空岗: consecutive hours in which a unit has nobody on duty, as a message carries them.</summary>
internal sealed record Gap(DutyUnit Unit, DateTimeOffset From, int Hours)
{
    public static Gap Parse(string text)
    {
        var parts = text.Split('|');
        return new Gap(new DutyUnit(parts[0]), DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1], CultureInfo.InvariantCulture)), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Unit}|{From.ToUnixTimeSeconds()}|{Hours}");
}

/// <summary>The rules combined with the existing channels: which notices a change causes. Immutable.</summary>
internal sealed class Plan
{
    /// <summary>The number of callers of merged cases who are told of one change.</summary>
    public const int MostCallers = 200;

    private readonly ILookup<string, Rule> _rules;
    private readonly ILookup<By, Channel> _enabled;

    public Plan(Rules rules, IEnumerable<Channel> channels)
    {
        Rules = rules;
        Channels = channels.ToFrozenDictionary(c => c.Code);
        _enabled = Channels.Values.Where(c => c.Settings.Enabled).OrderBy(c => c.Code, StringComparer.Ordinal).ToLookup(c => c.By);
        _rules = rules.All.Where(r => _enabled[r.By].Any()).ToLookup(r => r.On);
    }

    public Rules Rules { get; }

    /// <summary>Every channel, including disabled ones.</summary>
    public FrozenDictionary<string, Channel> Channels { get; }

    /// <summary>Channels that reach a post on its own number.</summary>
    public IEnumerable<Channel> Personal => _enabled[By.Sms].Concat(_enabled[By.Voice]);

    /// <summary>The notices that a change of a case causes.</summary>
    /// <param name="of">The joined whistle whose caller acted; null for the case's own caller and for everybody else.</param>
    public IEnumerable<Notice> Of(WhistleCall? before, WhistleCall after, string name, DateTimeOffset now, CallNo? of = null)
    {
        var notices = _rules[name].Concat(_rules[Rules.Any]).SelectMany(rule => Told(rule, name, after, rule.To == "team" && name == Names.Camel(What.HelpCalled) ? Called(before, after) : Places(rule.To, after), now));
        notices = notices.Concat(_rules[name].Concat(_rules[Rules.Any]).Where(rule => rule.To == Rules.Party).SelectMany(rule => ToParties(rule, name, after, Concerned(before, after), now)));
        if (Rung(before, after) is { } rung)
            notices = notices.Concat(_rules[Rules.Ringing].SelectMany(rule => Told(
                rule, Rules.Ringing, after, rule.To == "team" ? rung : IsFresh(before, after) ? Places(rule.To, after) : [], now, untilAccepted: true)));
        if (after.CallerNotes > (before?.CallerNotes ?? 0))
            notices = notices.Concat(_rules[Rules.CallerNoted].SelectMany(rule => Told(rule, Rules.CallerNoted, after, rule.To == Rules.Guide ? [GuideAt(after, of)] : Places(rule.To, after), now)).DistinctBy(notice => (notice.Lane, notice.NotBefore)));
        if (after.Rung > (before?.Rung ?? Domain.Calls.Rung.Team))
            notices = notices.Concat(_rules[Rules.Climbed].Where(r => Stands(r.To, after.Rung)).SelectMany(rule => Told(rule, Rules.Climbed, after, Places(rule.To, after), now)));
        return notices.Concat(name == Names.Camel(What.Merged) ? [] : _rules[name].SelectMany(rule => OthersCallers(rule, name, after, now)));
    }

    /// <summary>
    /// The notices that a change of a matter causes: to those who begin to be asked, to the desk it climbed to, to the person it is for. Of a sealed matter a
    /// message says only that there is one.
    /// </summary>
    public IEnumerable<Notice> OfMatter(Proceeding? before, Proceeding after, string name, DateTimeOffset now)
    {
        IEnumerable<Notice> Told(string rules, string what, IEnumerable<string> places, bool untilAnswered = false) =>
            from rule in _rules[rules]
            from place in places.Where(p => Matches(rule.To, p))
            from channel in _enabled[rule.By]
            where channel.Serves(place) && (channel.IsPersonal || after.Visibility != Visibility.Sealed)
            select new Notice(channel.Code, place, after.No.Value, what, now + rule.After) { Level = LevelOf(after), Category = after.Procedure, Grid = after.Grid?.Value ?? string.Empty, UntilAccepted = untilAnswered };

        string[] caller = after.Drill ? [] : [Address.Caller];
        string[] desks = [.. after.Community.Value.Length > 0 ? new[] { Address.Community(after.Community.Value) } : [], Address.Street];
        var notices = Told(Rules.Any, name, [.. AskedAt(after.Visit), .. desks]);
        if ((before?.Visit?.Stage, before?.Visit?.Round) != (after.Visit?.Stage, after.Visit?.Round))
        {
            if (after.Visit is { Rings: true } rung) notices = notices.Concat(Told(Rules.CalledOut, after.Drill ? Rules.Drilled : Rules.CalledOut, AskedAt(rung), untilAnswered: true));
            else if (after.Visit is { } visit) notices = notices.Concat(Told(Rules.MatterAsked, Rules.MatterAsked, [.. AskedAt(visit), .. visit.Owed.Any(o => o.Asked.Any(a => a is Respondent.Caller)) ? caller : []], untilAnswered: true));
            if (after.Visit is { } stage) notices = notices.Concat(ToParties(stage));
            notices = notices.Concat(Told(after.IsOpen ? Rules.MatterMoved : Rules.MatterEnded, after.IsOpen ? Rules.MatterMoved : Rules.MatterEnded, [.. desks, .. caller]));
        }

        if (after.Rung > (before?.Rung ?? Domain.Calls.Rung.Team))
            notices = notices.Concat(Told(Rules.MatterClimbed, Rules.MatterClimbed, after.Rung == Domain.Calls.Rung.Street ? [Address.Street] : desks[..1]));
        return notices;

        // A drill is no matter of anybody outside the street.
        IEnumerable<Notice> ToParties(Visit visit) => after.Drill ? [] :
            from rule in _rules[Rules.MatterAsked]
            where rule.To == Rules.Party
            from owed in visit.Owed
            from party in owed.Asked.OfType<Respondent.OfParty>()
            let address = Address.Party(party.Code)
            from channel in _enabled[rule.By]
            where channel.Serves(address) && (channel.IsPersonal || after.Visibility != Visibility.Sealed)
            select new Notice(channel.Code, address, after.No.Value, Rules.MatterAsked, now + rule.After) { Category = after.Procedure, Grid = after.Grid?.Value ?? string.Empty, UntilAccepted = true, Subject = owed.Key };

        static bool Matches(string to, string place) => to switch
        {
            Rules.Lead => place != Address.Caller,
            "team" => Address.TeamOf(place) is not null || Address.PostOf(place) is not null,
            "community" => Address.CommunityOf(place) is not null,
            _ => place == to,
        };

        IEnumerable<string> AskedAt(Visit? visit) => (visit?.Owed ?? []).SelectMany(o => o.Asked).SelectMany(Addresses).Distinct();

        IEnumerable<string> Addresses(Respondent asked) => asked switch
        {
            Respondent.OfKind { Kind: PostKind.StreetDesk or PostKind.Leader } => [Address.Street],
            Respondent.OfKind { Kind: PostKind.CommunityDesk, Area: Area.OfCommunity at } => [Address.Community(at.Community.Value)],
            Respondent.OfKind { Area: Area.OfTeam at } => [Address.Team(at.Team.Value)],
            Respondent.OfKind { Area: Area.OfGrid } => after.Teams.Select(t => Address.Team(t.Value)),
            Respondent.OfKind { Area: Area.OfCommunity at } => [Address.Community(at.Community.Value)],
            Respondent.OfKind => [Address.Street],
            Respondent.OfPost post => [Address.Post(post.Post.Value)],
            Respondent.OfParty or Respondent.Caller => [],
            _ => throw new InvalidOperationException($"Unknown respondent {asked}."),
        };
    }

    /// <summary>Where people are rung, as urgent as a case that is; a drill waits behind all of them. Other matters have no level.</summary>
    private static string LevelOf(Proceeding matter) => matter.Visit?.Rings is not true ? string.Empty : matter.Drill ? nameof(Level.S3) : nameof(Level.S2);

    /// <summary>The same message as when the party was called, for whoever sends its link again: at once, on every channel that a rule names for it.</summary>
    public IEnumerable<Notice> ToParty(WhistleCall call, Answer owed, DateTimeOffset now)
    {
        var name = Names.Camel(owed.Kind == AnswerKind.Attend ? What.Summoned : What.Whistled);
        return _rules[name].Where(rule => rule.To == Rules.Party).SelectMany(rule => ToParties(rule with { After = TimeSpan.Zero }, name, call, [owed], now)).DistinctBy(notice => notice.Channel);
    }

    /// <summary>The notices about a post that nobody can reach.</summary>
    public IEnumerable<Notice> OfUnreachable(Post post, DateTimeOffset now) =>
        from rule in _rules[Rules.Unreachable]
        let address = rule.To switch
        {
            "team" => post.Team is { } team ? Address.Team(team.Value) : null,
            "community" => post.Community is { } community ? Address.Community(community.Value) : null,
            _ => Address.Street,
        }
        where address is not null
        from channel in _enabled[rule.By]
        where channel.Serves(address)
        select new Notice(channel.Code, address, string.Empty, Rules.Unreachable, now + rule.After) { Subject = post.Id.Value };

    /// <summary>The notices about hours in which nobody is on duty: to the unit's own people and community, or to the street.</summary>
    /// <param name="community">Null if the unit is the street's own.</param>
    public IEnumerable<Notice> OfGap(Gap gap, CommunityCode? community, bool toStreet, DateTimeOffset now) =>
        from rule in _rules[Rules.Gap]
        let address = rule.To switch
        {
            "team" => gap.Unit.Team is { } team ? Address.Team(team.Value) : null,
            "community" => community is { } code ? Address.Community(code.Value) : null,
            _ => Address.Street,
        }
        where address is not null && address == Address.Street == toStreet
        from channel in _enabled[rule.By]
        where channel.Serves(address)
        select new Notice(channel.Code, address, string.Empty, Rules.Gap, now + rule.After) { Subject = gap.ToString() };

    /// <summary>Teams that are no longer rung although the case still rings: their pending notices are cancelled.</summary>
    public static IEnumerable<string> NoLongerRung(WhistleCall before, WhistleCall after) =>
        before.State is CallState.Ringing ? before.Ringing.Except(after.Ringing).Select(t => Address.Team(t.Value)) : [];

    /// <summary>The teams that start being rung; null if there are none.</summary>
    private static ImmutableArray<string>? Rung(WhistleCall? before, WhistleCall after)
    {
        if (after.State is not CallState.Ringing) return null;
        if (IsFresh(before, after)) return [.. after.Ringing.Select(t => Address.Team(t.Value))];
        var more = after.Ringing.Except(before!.Ringing).Select(t => Address.Team(t.Value)).ToImmutableArray();
        return more.IsEmpty ? null : more;
    }

    /// <summary>Rings for the first time, again, or more urgently.</summary>
    private static bool IsFresh(WhistleCall? before, WhistleCall after) => before?.State is not CallState.Ringing || after.Level < before.Level;

    private static bool Stands(string to, Rung rung) => to switch
    {
        "community" => rung == Domain.Calls.Rung.Community,
        Address.Street => rung == Domain.Calls.Rung.Street,
        _ => true,
    };

    /// <summary>首问: where whoever guides a caller sits.</summary>
    private static string GuideAt(WhistleCall call, CallNo? of) => call.GuideOf(of ?? call.No) switch
    {
        { Team: { } team } => Address.Team(team.Value),
        { Community: null } => Address.Street,
        _ => Address.Community(call.Community.Value),
    };

    private static IEnumerable<string> Places(string to, WhistleCall call) => to switch
    {
        Rules.Lead when call.Lead is Lead.OfTeam lead => [Address.Team(lead.Team.Value)],
        Rules.Lead when call.Lead is Lead.OfCommunity => Places("community", call),
        Rules.Lead when call.Lead is Lead.OfStreet => Places(Address.Street, call),
        Rules.Lead or "team" => call.Teams.Select(t => Address.Team(t.Value)),
        "community" => [Address.Community(call.Community.Value)],
        Address.Street => [Address.Street],
        Rules.Party => [], // see ToParties
        _ => call.Drill || call.CallerWithdrew ? [] : [Address.Caller],
    };

    private IEnumerable<Notice> Told(Rule rule, string name, WhistleCall call, IEnumerable<string> places, DateTimeOffset now, bool untilAccepted = false) =>
        !rule.Levels.Contains(call.Level) ? []
        : from place in places
          from channel in _enabled[rule.By]
          where channel.Serves(place)
          select About(call, new Notice(channel.Code, place, call.No.Value, name, NotBefore(call, channel, place, now + rule.After)) { UntilAccepted = untilAccepted });

    /// <summary>安静时段: for an S3, nobody of the staff is rung in the quiet hours on a phone of their own.</summary>
    private DateTimeOffset NotBefore(WhistleCall call, Channel channel, string place, DateTimeOffset due) =>
        call.Level == Level.S3 && channel.IsPersonal && place != Address.Caller && Rules.Quiet is { } quiet ? quiet.After(due) : due;

    /// <summary>The teams called to help by this change.</summary>
    private static IEnumerable<string> Called(WhistleCall? before, WhistleCall after) => after.Helpers.Except(before?.Helpers ?? []).Select(t => Address.Team(t.Value));

    /// <summary>The answers of parties without a post that are new, or that this change is about.</summary>
    private static IEnumerable<Answer> Concerned(WhistleCall? before, WhistleCall after) =>
        after.Answers.Where(a => a.Kind is AnswerKind.Attend || (a.Kind is AnswerKind.Acknowledge && Names.Parse<PostKind>(a.Party) is null)).Except(before?.Answers ?? []);

    /// <summary>A drill is no matter of anybody outside the street.</summary>
    private IEnumerable<Notice> ToParties(Rule rule, string name, WhistleCall call, IEnumerable<Answer> answers, DateTimeOffset now) =>
        call.Drill || !rule.Levels.Contains(call.Level) ? []
        : from answer in answers
          let address = Address.Party(answer.Party)
          from channel in _enabled[rule.By]
          where channel.Serves(address)
          select About(call, new Notice(channel.Code, address, call.No.Value, name, now + rule.After) { Subject = answer.Key });

    /// <summary>Callers who reported the same thing are told of every step, under the number of their own case.</summary>
    private IEnumerable<Notice> OthersCallers(Rule rule, string name, WhistleCall call, DateTimeOffset now) =>
        rule.To != Address.Caller || call.Drill || !rule.Levels.Contains(call.Level) ? []
        : from no in call.Joined.Take(MostCallers)
          from channel in _enabled[rule.By]
          select About(call, new Notice(channel.Code, Address.Caller, no.Value, name, now + rule.After));

    private static Notice About(WhistleCall call, Notice notice) => notice with { Level = call.Level.ToString(), Category = call.Category, Grid = call.Grid.Value };
}
