using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>The rights of this module.</summary>
public static class WhistleRights
{
    /// <summary>Blow a whistle; follow, evaluate and withdraw by tracking code.</summary>
    public static readonly Right Whistle = new(nameof(Whistle), Actor.Anyone);

    /// <summary>Blow a whistle for someone on the phone or at the counter (代录).</summary>
    public static readonly Right WhistleForCaller = new(nameof(WhistleForCaller), Actor.Duty, Actor.Community, Actor.GridWorker);

    /// <summary>一应、二应、三应, 退单: the case decides whether this post may.</summary>
    public static readonly Right Answer = new(nameof(Answer), Actor.Duty, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>A gateway's report of a key or a reply: its signature is the capability.</summary>
    public static readonly Right GatewayAnswer = new(nameof(GatewayAnswer), Actor.Anyone);

    /// <summary>核查.</summary>
    public static readonly Right Verify = new(nameof(Verify), Actor.GridWorker);

    /// <summary>The exceptions: sending a team, correcting, calling a party, petitions and rulings, merging; the case decides whether this post may.</summary>
    public static readonly Right Order = new(nameof(Order), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.Police);

    /// <summary>本人回避: for anyone who sees a case.</summary>
    public static readonly Right Recuse = new(nameof(Recuse), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>A called party's one-time link to one case: the code is the capability.</summary>
    public static readonly Right PartyLink = new(nameof(PartyLink), Actor.Anyone);

    /// <summary>Reporting by a personal link, and the list of what came of it: the code is the capability.</summary>
    public static readonly Right ReportLink = new(nameof(ReportLink), Actor.Anyone);

    /// <summary>A case's text and timeline; every access is audited.</summary>
    public static readonly Right CallDetail = new(nameof(CallDetail), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>Searching cases by words, place, team or telephone; by telephone only whoever may see it.</summary>
    public static readonly Right Search = new(nameof(Search), Actor.Duty, Actor.Leader, Actor.Community);

    /// <summary>The caller's full contact; needs a reason, and is audited.</summary>
    public static readonly Right Contact = new(nameof(Contact), Actor.Duty, Actor.Community, Actor.GridWorker, Actor.Property, Actor.Police);

    public static readonly Right TeamPage = new(nameof(TeamPage), Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    public static readonly Right DeskPage = new(nameof(DeskPage), Actor.Duty, Actor.Leader, Actor.Community);

    public static readonly Right ReviewPage = new(nameof(ReviewPage), Actor.GridWorker);

    /// <summary>Printable sheets with the stations' codes.</summary>
    public static readonly Right Posters = new(nameof(Posters), Actor.Duty, Actor.Community, Actor.Admin);

    /// <summary>The read-only kiosk, and the day's counts on it.</summary>
    public static readonly Right WallPage = new(nameof(WallPage), Actor.Duty, Actor.Leader, Actor.Community, Actor.Wall);

    /// <summary>Asking callers whether the problem is solved (回访).</summary>
    public static readonly Right CallbackPage = new(nameof(CallbackPage), Actor.Duty, Actor.Community);
}
