using System.Collections.Frozen;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Hub.Accounts;

/// <summary>Who asks, as far as rights go.</summary>
public enum Actor
{
    /// <summary>Anybody, signed in or not: a resident has no account.</summary>
    Anyone,
    Duty,
    Leader,
    Community,
    GridWorker,
    Property,
    BuildingHead,
    Police,
    Admin,
    Auditor,
    Wall,
}

/// <summary>What can be asked for. Every endpoint, page and hub method names one; what is not named is refused.</summary>
public enum Resource
{
    /// <summary>Pages, files and health that are for everybody.</summary>
    Public,

    /// <summary>Blow a whistle; follow, evaluate and withdraw by tracking code.</summary>
    Whistle,

    /// <summary>Blow a whistle for somebody on the phone or at the counter (代录).</summary>
    WhistleForCaller,

    /// <summary>What the account itself is.</summary>
    Self,

    /// <summary>The live feed, each role its own part of it.</summary>
    Watch,

    /// <summary>Who of those on duty can be reached, each role its own part of it.</summary>
    Presence,

    /// <summary>The board over HTTP.</summary>
    Board,

    /// <summary>一应、二应、三应, 退单: the case then says whether this post may.</summary>
    Answer,

    /// <summary>核查.</summary>
    Verify,

    /// <summary>The exceptions: sending a team, correcting, calling a party, asking and deciding, merging; the case then says whether this post may.</summary>
    Order,

    /// <summary>本人回避: of whoever sees a case.</summary>
    Recuse,

    /// <summary>A called party's one-time link to one case: the code is the capability.</summary>
    PartyLink,

    /// <summary>A case's words and timeline; every look is audited.</summary>
    CallDetail,

    /// <summary>The caller's contact in full; with a reason, audited.</summary>
    Contact,

    Journal,

    /// <summary>The three rates; a community its own.</summary>
    Rates,
    Policy,
    /// <summary>Messages beyond the pages: channels, rules, numbers, and what has died.</summary>
    Outbox,
    TeamPage,
    DeskPage,
    ReviewPage,

    /// <summary>Printable sheets with the stations' codes.</summary>
    Posters,

    /// <summary>The morning brief; a community's of itself.</summary>
    Brief,

    /// <summary>One's own duty and the roster of one's unit: taking, signing off, swaps, leave.</summary>
    Duty,

    /// <summary>Rostering others: a community its own desk and teams, the street everybody.</summary>
    Roster,

    /// <summary>A calendar feed: the address is the capability.</summary>
    RosterFeed,

    /// <summary>The hand-over page of the desks.</summary>
    HandOverPage,
}

/// <summary>The one table of rights: role × resource.</summary>
public static class Access
{
    private static readonly FrozenDictionary<Resource, FrozenSet<Actor>> Table = new Dictionary<Resource, Actor[]>
    {
        [Resource.Public] = [Actor.Anyone],
        [Resource.Whistle] = [Actor.Anyone],
        [Resource.WhistleForCaller] = [Actor.Duty, Actor.Community, Actor.GridWorker],
        [Resource.Self] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Admin, Actor.Auditor, Actor.Wall],
        [Resource.Watch] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Auditor, Actor.Wall],
        [Resource.Presence] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Admin, Actor.Wall],
        [Resource.Board] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.Auditor, Actor.Wall],
        [Resource.Answer] = [Actor.Duty, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police],
        [Resource.Verify] = [Actor.GridWorker],
        [Resource.Order] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.Police],
        [Resource.Recuse] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police],
        [Resource.PartyLink] = [Actor.Anyone],
        [Resource.CallDetail] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police],
        [Resource.Contact] = [Actor.Duty, Actor.Community, Actor.GridWorker, Actor.Property, Actor.Police],
        [Resource.Journal] = [Actor.Auditor],
        [Resource.Rates] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.Auditor],
        [Resource.Policy] = [Actor.Admin],
        [Resource.Outbox] = [Actor.Admin],
        [Resource.TeamPage] = [Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police],
        [Resource.DeskPage] = [Actor.Duty, Actor.Leader, Actor.Community],
        [Resource.ReviewPage] = [Actor.GridWorker],
        [Resource.Posters] = [Actor.Duty, Actor.Community, Actor.Admin],
        [Resource.Brief] = [Actor.Duty, Actor.Leader, Actor.Community],
        [Resource.Duty] = [Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police],
        [Resource.Roster] = [Actor.Duty, Actor.Leader, Actor.Community],
        [Resource.RosterFeed] = [Actor.Anyone],
        [Resource.HandOverPage] = [Actor.Duty, Actor.Leader, Actor.Community],
    }.ToFrozenDictionary(row => row.Key, row => row.Value.ToFrozenSet());

    public static bool IsOpenToAll(Resource resource) => May(null, resource);

    /// <summary>Whether an account (null: nobody signed in) may ask for a resource.</summary>
    public static bool May(Staff? who, Resource resource) =>
        Table.TryGetValue(resource, out var actors) && (actors.Contains(Actor.Anyone) || (who is not null && actors.Contains(ActorOf(who))));

    public static Actor ActorOf(Staff who) => who.Role switch
    {
        Role.Duty => Actor.Duty,
        Role.Leader => Actor.Leader,
        Role.Community => Actor.Community,
        Role.Admin => Actor.Admin,
        Role.Auditor => Actor.Auditor,
        Role.Wall => Actor.Wall,
        Role.Member => who.Post?.Kind switch
        {
            PostKind.GridWorker => Actor.GridWorker,
            PostKind.Property => Actor.Property,
            PostKind.BuildingHead => Actor.BuildingHead,
            PostKind.Police => Actor.Police,
            _ => throw new InvalidOperationException("A team member's account has no team post."),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(who), who.Role, null),
    };
}
