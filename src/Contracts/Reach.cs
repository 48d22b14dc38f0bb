using System.Text.Json;

namespace DispatchCenter.Contracts;

/// <summary><c>PUT /api/channels/{code}</c>: where messages go beyond the pages.</summary>
public sealed record ChannelRequest
{
    /// <summary>weCom, dingTalk, feishu (group robots), sms, voice (HTTP gateways) or webhook (Standard Webhooks).</summary>
    public string? Kind { get; init; }

    /// <summary>Whom it reaches: team:01, community:02, street, or * for all. Gateways are for all.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>https only. Write-only, for a robot's address is its secret; left out, the one before stays.</summary>
    public string? Url { get; init; }

    /// <summary>Signs what is sent. Write-only; left out, the one before stays; empty, there is none.</summary>
    public string? Secret { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Messages in a minute, over all nodes.</summary>
    public int? PerMinute { get; init; }

    /// <summary>An answer that takes longer counts as none: 1 to 20.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>The first pause after a failure; each later one is twice as long: 0.1 to 60.</summary>
    public double? FirstRetrySeconds { get; init; }

    /// <summary>Whether property staff read it: then cases that are hidden from them do not go there.</summary>
    public bool? PropertyReads { get; init; }

    /// <summary>A gateway's JSON body with {phone}, {text}, {key} and {callNo} inside its strings.</summary>
    public string? Template { get; init; }

    /// <summary>A member of a gateway's 200 answer that must be <see cref="OkValue"/>; left out, the status alone says it.</summary>
    public string? OkField { get; init; }

    public string? OkValue { get; init; }
}

/// <summary>A channel as the administrator sees it: without its address and secret.</summary>
/// <param name="Host">Of its address; null where it can no longer be decrypted.</param>
/// <param name="FailingSince">Since when nothing has been delivered; null while it works.</param>
public sealed record ChannelView(
    string Code, string Kind, IReadOnlyList<string> Addresses, string? Host, bool HasSecret, bool Enabled, int PerMinute, int TimeoutSeconds, double FirstRetrySeconds,
    bool PropertyReads, string? Template, string? OkField, string? OkValue, DateTimeOffset? FailingSince);

public sealed record ChannelsView(IReadOnlyList<ChannelView> Channels);

/// <summary><c>PUT /api/reach</c>: a new version of the rules, as <see cref="ReachView.Rules"/> shows them.</summary>
public sealed record ReachRequest(JsonElement Rules);

/// <summary><c>GET /api/reach</c>: who is told of what, by which kind of channel, after how long. Version 0 is the default.</summary>
public sealed record ReachView(int Version, JsonElement Rules);

/// <summary>One message that is to leave, or has left: codes only.</summary>
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

    /// <summary>waiting, sent, dead, cancelled (accepted meanwhile), skipped (nobody to tell), expanded (into one for each post) or collapsed (into one with a count).</summary>
    public required string State { get; init; }

    /// <summary>A code: why the last attempt failed, or why it was not sent.</summary>
    public required string Why { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The next attempt of what waits.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? DoneAt { get; init; }
}

/// <summary><c>GET /api/outbox?state=dead</c>: the newest first.</summary>
/// <param name="Counts">How many there are in each state.</param>
public sealed record OutboxPage(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<OutboxLine> Lines);

/// <summary><c>PUT /api/staff/{userName}/phone</c>: the number that text messages and calls go to; empty takes it away.</summary>
public sealed record PhoneRequest(string? Phone);
