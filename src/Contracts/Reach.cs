using System.Text.Json;

namespace DispatchCenter.Contracts;

/// <summary><c>PUT /api/channels/{code}</c>: a channel for notifications.</summary>
public sealed record ChannelRequest
{
    /// <summary>weCom, dingTalk, feishu (group robots), sms, voice (HTTP gateways), webhook (Standard Webhooks) push (Web Push to phones that asked for it) or weComApp (企业微信 application messages to members whose account there is their sign-in name).</summary>
    public string? Kind { get; init; }

    /// <summary>Whom it reaches: team:01, community:02, street, or * for all. Gateways use *.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>https only; of push the contact for push services, https or mailto, by default the street's public address; of weComApp with <c>?corpid=…&amp;agentid=…</c>. Write-only, because a robot's address is its secret; if omitted, the previous one stays.</summary>
    public string? Url { get; init; }

    /// <summary>The signing secret. Write-only; if omitted, the previous one stays; if empty, it is removed.</summary>
    public string? Secret { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Messages per minute, over all nodes.</summary>
    public int? PerMinute { get; init; }

    /// <summary>The time-out in seconds: 1 to 20.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>The first delay after a failure, in seconds; it doubles each time: 0.1 to 60.</summary>
    public double? FirstRetrySeconds { get; init; }

    /// <summary>Whether property staff read it. If so, cases hidden from them are not sent there.</summary>
    public bool? PropertyReads { get; init; }

    /// <summary>A gateway's JSON body with {phone}, {text}, {key} and {callNo} in its strings; if omitted, the previous one stays; if empty, it is removed.</summary>
    public string? Template { get; init; }

    /// <summary>The path of a member of a gateway's 200 response that must be <see cref="OkValue"/>, such as <c>Response.SendStatusSet.0.Code</c>, at most 80 characters; if omitted, the previous one stays; if empty, only the status counts.</summary>
    public string? OkField { get; init; }

    public string? OkValue { get; init; }

    /// <summary>Whether an sms or voice gateway reports replies and keys to <c>POST /api/channels/{code}/answers</c>; needs a secret of 16 characters.</summary>
    public bool? Answers { get; init; }
}

/// <summary>A channel as the administrator sees it, without address and secret.</summary>
/// <param name="Host">The host of its address; null if it can no longer be decrypted.</param>
/// <param name="FailingSince">Since when deliveries have failed; null while it works.</param>
public sealed record ChannelView(
    string Code, string Kind, IReadOnlyList<string> Addresses, string? Host, bool HasSecret, bool Enabled, int PerMinute, int TimeoutSeconds, double FirstRetrySeconds,
    bool PropertyReads, string? Template, string? OkField, string? OkValue, DateTimeOffset? FailingSince)
{
    /// <summary>Whether the gateway reports keys and replies.</summary>
    public bool Answers { get; init; }
}

public sealed record ChannelsView(IReadOnlyList<ChannelView> Channels);

/// <summary><c>PUT /api/reach</c>: a new version of the rules, as <see cref="ReachView.Rules"/> shows them.</summary>
public sealed record ReachRequest(JsonElement Rules);

/// <summary><c>GET /api/reach</c>: who is notified of what, through which kind of channel, after how long. Version 0 is the default.</summary>
public sealed record ReachView(int Version, JsonElement Rules);

/// <summary>One message, pending or sent: codes only.</summary>
public sealed record OutboxLine
{
    public required long Id { get; init; }

    /// <summary>The idempotency key of every attempt.</summary>
    public required string Key { get; init; }

    public required string Channel { get; init; }

    /// <summary>team:01, community:02, street, caller, or post: with an opaque id.</summary>
    public required string Address { get; init; }

    public required string Event { get; init; }

    public required string CallNo { get; init; }

    public required string Level { get; init; }

    /// <summary>waiting, sent, dead, cancelled (accepted meanwhile), skipped (nobody to notify), expanded (into one per post) or collapsed (into one with a count).</summary>
    public required string State { get; init; }

    /// <summary>A code: why the last attempt failed, or why it was not sent.</summary>
    public required string Why { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The next attempt of a waiting message.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? DoneAt { get; init; }
}

/// <summary><c>GET /api/outbox?state=dead</c>: newest first.</summary>
/// <param name="Counts">The number of messages in each state.</param>
public sealed record OutboxPage(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<OutboxLine> Lines);

/// <summary>
/// <c>POST /api/channels/{code}/answers</c>: a key that was pressed in a call, or a reply to a text. Signed as the street's own requests are: <c>X-Dispatch-Signature</c> is hex HMAC-SHA256 over
/// <c>X-Dispatch-Timestamp</c>, a line feed and the body, at most 4 KiB; the time may be 5 minutes off. A 200 says what came of it, and that it need not be sent again.
/// </summary>
/// <param name="Id">The gateway's own number for this answer, at most 64 printable ASCII characters: it counts once.</param>
/// <param name="Ref">Of a call: the <c>{key}</c> that came with the message.</param>
/// <param name="Key">Of a call: 1 accepts, 2 says that they cannot come.</param>
/// <param name="Phone">Of a reply: the number it came from.</param>
/// <param name="Text">Of a reply: 1 or 2, and the code in the message.</param>
public sealed record AnswerReport(string? Id, string? Ref, string? Key, string? Phone, string? Text);

/// <summary><c>POST /api/push</c>: where this browser can be told that something rings, as its <c>PushSubscription</c> says.</summary>
/// <param name="Endpoint">https, at a push service that the street allows; at most 1,000 characters.</param>
/// <param name="P256dh">The browser's public key: 65 bytes in base64url.</param>
/// <param name="Auth">Its secret: 16 bytes in base64url.</param>
public sealed record PushRequest(string? Endpoint, string? P256dh, string? Auth);

/// <summary><c>PUT /api/staff/{userName}/phone</c>: the number for text messages and voice calls; empty removes it.</summary>
public sealed record PhoneRequest(string? Phone)
{
    /// <summary>After <c>phone_unusual</c>: the number is meant as it is.</summary>
    public bool? Anyway { get; init; }
}

/// <summary>One message about a case: to whom, by what, and what became of it. A post or a place; never a person, a number or words.</summary>
/// <param name="To">team:CODE, community:CODE, street, caller, party:CODE, or post where <paramref name="Kind"/> says which.</param>
/// <param name="Kind">The kind of post; null for a place, and for a post that is no more.</param>
/// <param name="By">weCom, dingTalk, feishu, sms, voice, webhook, push or weComApp.</param>
/// <param name="State">waiting, sent (the service has taken it), skipped, cancelled, collapsed or dead.</param>
/// <param name="Why">A code, where it was not sent.</param>
/// <param name="SentAt">Null unless it was sent.</param>
/// <param name="Answer">accept or cannot: what the post answered by the gateway of this message; null if nothing.</param>
public sealed record ToldMessage(
    string To, string? Kind, string? Team, string? Community, string? Grid, string By, string Event, string State, string? Why, DateTimeOffset DueAt, DateTimeOffset? SentAt, string? Answer, DateTimeOffset? AnsweredAt);

/// <summary><c>GET /api/calls/{no}/told</c>: everything that left the street about a case, in the order in which it was due. Messages that were sent are kept for 30 days.</summary>
public sealed record CaseTold(IReadOnlyList<ToldMessage> Messages);

/// <summary>What one kind of channel did.</summary>
/// <param name="Called">Messages that called a post to a case or out.</param>
/// <param name="NoNumber">The post had no number, phone or membership for it.</param>
/// <param name="Failed">Given up.</param>
/// <param name="MedianSeconds">From when it was due until a service took it; null if none was sent.</param>
public sealed record ChannelReach(string By, int Called, int Sent, int NoNumber, int Failed, double? MedianSeconds, double? P90Seconds);

/// <summary>How cases were accepted.</summary>
/// <param name="Via">page, voice or sms.</param>
/// <param name="MedianSeconds">From the whistle to 接单.</param>
public sealed record AnswerReach(string Via, int Accepted, double? MedianSeconds, double? P90Seconds);

/// <summary>How far a team could be reached beyond its pages.</summary>
/// <param name="Called">Cases of which a member was called by a channel of their own.</param>
/// <param name="Reached">Those of which one such message was taken by a service.</param>
/// <param name="FirstSeconds">The median from the call to the first message that was.</param>
public sealed record TeamReach(string Team, int Called, int Reached, double? FirstSeconds);

/// <summary><c>GET /api/reach/figures?days=</c>: who was reached, by what and how fast. Drills of call-outs count like the rest of what was sent.</summary>
/// <param name="Since">The first instant that counts: at most 30 days ago, as long as messages are kept.</param>
public sealed record ReachFigures(DateTimeOffset Since, IReadOnlyList<ChannelReach> Channels, IReadOnlyList<AnswerReach> Answers, IReadOnlyList<TeamReach> Teams);
