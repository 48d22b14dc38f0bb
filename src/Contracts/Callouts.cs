namespace DispatchCenter.Contracts;

/// <summary>Which posts a call-out (叫应) is for: those at any of the places, of any of the kinds. What is left out narrows nothing; nothing at all is the whole street.</summary>
/// <param name="Kinds">Kinds of post: gridWorker, property, buildingHead, police, communityDesk, streetDesk, leader.</param>
/// <param name="Communities">Codes of communities.</param>
/// <param name="Teams">Codes of teams.</param>
/// <param name="Grids">Codes of grids: their own workers, and the teams that serve them.</param>
public sealed record CalloutChoice(IReadOnlyList<string>? Kinds = null, IReadOnlyList<string>? Communities = null, IReadOnlyList<string>? Teams = null, IReadOnlyList<string>? Grids = null);

/// <summary>A call-out to send.</summary>
public sealed record CalloutRequest
{
    /// <summary>What it says, at most 2,000 characters. Read on pages only: no message outside of them carries it.</summary>
    public string? Text { get; init; }

    /// <summary>演练: counted apart, and every message says so.</summary>
    public bool? Drill { get; init; }

    /// <summary>The whole street if omitted.</summary>
    public CalloutChoice? Choose { get; init; }
}

/// <summary>Whom a choice would call now.</summary>
/// <param name="Asked">Persons on duty: each is called once, under one of their posts.</param>
/// <param name="Absent">Posts that nobody is on duty in: they are listed in the report, and not called.</param>
/// <param name="Silent">Of those on duty, the ones that no page, locked phone or number reaches.</param>
public sealed record CalloutCount(int Asked, int Absent, int Silent);

/// <summary>A call-out that was sent.</summary>
public sealed record CalloutReceipt(string CallNo, int Asked, int Absent);

/// <summary>Why a call-out is ended before everybody has answered.</summary>
public sealed record CalloutEnd(string? Note);

/// <summary>One message to a post about a call-out.</summary>
/// <param name="By">The kind of channel: sms, voice, push, weComApp, …</param>
/// <param name="State">waiting, sent, skipped, cancelled, dead.</param>
/// <param name="Why">A code, where it was not sent.</param>
public sealed record CalloutTold(string By, string State, string? Why, DateTimeOffset? At);

/// <summary>A post that is called out, or would have been.</summary>
public sealed record CalloutPost
{
    public required string Post { get; init; }

    /// <summary>The kind of post; null if there is no such post any more.</summary>
    public string? Kind { get; init; }

    public string? Community { get; init; }

    public string? Team { get; init; }

    public string? Grid { get; init; }

    /// <summary>waiting, answered, silent (it ended without their answer) or absent (nobody was on duty).</summary>
    public required string State { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>From the call to the answer.</summary>
    public double? Seconds { get; init; }

    /// <summary>The kind of channel that the answer came by; null for a page.</summary>
    public string? Via { get; init; }

    public required bool OnDuty { get; init; }

    public required IReadOnlyList<CalloutTold> Told { get; init; }
}

/// <summary>The part of a call-out in one community.</summary>
/// <param name="Community">Empty for the street's own posts.</param>
/// <param name="Rung">How far the silence has climbed: team (not yet), community or street.</param>
public sealed record CalloutPart(string CallNo, string Community, int Asked, int Answered, string Rung);

/// <summary>The figures of a call-out, or of several.</summary>
/// <param name="InTime">Answered before the silence was told to the community.</param>
/// <param name="MedianSeconds">Of those who answered; null if nobody has.</param>
public sealed record CalloutFigures(int Asked, int Answered, int InTime, int Absent, double? MedianSeconds);

/// <summary>A call-out and everybody in it.</summary>
public sealed record CalloutView
{
    public required string CallNo { get; init; }

    public required bool Drill { get; init; }

    /// <summary>Null if it was erased.</summary>
    public string? Text { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the community, and then the street, is told who is silent.</summary>
    public DateTimeOffset? ClimbsAt { get; init; }

    /// <summary>When it ends by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Not every part has been sent yet; the server goes on with it.</summary>
    public required bool Sending { get; init; }

    /// <summary>Whether the asker may end it: the street's desk and whoever sent it, on duty.</summary>
    public required bool MayEnd { get; init; }

    /// <summary>An answer within so many minutes is in time; later, the community is told.</summary>
    public required double LimitMinutes { get; init; }

    public required CalloutFigures Figures { get; init; }

    public required IReadOnlyList<CalloutPart> Parts { get; init; }

    /// <summary>Those who have not answered first.</summary>
    public required IReadOnlyList<CalloutPost> Posts { get; init; }
}

/// <summary>One call-out in the list.</summary>
public sealed record CalloutLine(string CallNo, bool Drill, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, CalloutFigures Figures);

/// <summary>Drills and real call-outs of one sort together.</summary>
public sealed record CalloutSum(bool Drill, int Callouts, CalloutFigures Figures);

/// <summary>The latest call-outs, newest first, and what all of them come to, drills apart.</summary>
/// <param name="Since">The first instant that the sums count.</param>
/// <param name="LimitMinutes">An answer within so many minutes is in time.</param>
public sealed record CalloutList(DateTimeOffset Since, double LimitMinutes, IReadOnlyList<CalloutLine> Callouts, IReadOnlyList<CalloutSum> Sums, DrillPlan Plan, SafetyPlan Safety);

/// <summary>Drills once a month at an hour that nobody knows beforehand.</summary>
/// <param name="On">Whether there are any.</param>
/// <param name="From">The first time of day at which one may begin, in Asia/Shanghai: HH:mm.</param>
/// <param name="Until">The last, later than <paramref name="From"/>.</param>
/// <param name="Text">What it says.</param>
/// <param name="Choose">The whole street if omitted.</param>
public sealed record DrillPlan(bool On, string? From = null, string? Until = null, string? Text = null, CalloutChoice? Choose = null);

/// <summary>平安确认: whoever has been silent at a scene is asked whether they are safe. Off by default; nobody's place is recorded.</summary>
/// <param name="On">Whether anybody is asked.</param>
/// <param name="Minutes">How long somebody must have been silent, 5 to 120.</param>
/// <param name="NightFrom">From this time of day, in Asia/Shanghai as HH:mm, whoever is alone on duty in their team is asked at any scene, not only at an S1.</param>
/// <param name="NightUntil">Until this one; an earlier one is that of the next day.</param>
public sealed record SafetyPlan(bool On, int Minutes = 20, string? NightFrom = null, string? NightUntil = null);
