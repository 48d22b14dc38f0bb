using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The protocol of a channel.</summary>
public enum ChannelKind
{
    /// <summary>企业微信群机器人.</summary>
    WeCom,

    /// <summary>钉钉群机器人.</summary>
    DingTalk,

    /// <summary>飞书群机器人.</summary>
    Feishu,

    /// <summary>An HTTP gateway that sends text messages to a number.</summary>
    Sms,

    /// <summary>An HTTP gateway that calls a number and reads out a text.</summary>
    Voice,

    /// <summary>Another system, by Standard Webhooks.</summary>
    Webhook,

    /// <summary>锁屏提醒: phones that asked for it on their page, by Web Push. Its address is where a push service finds the sender, not where messages go.</summary>
    Push,

    /// <summary>企业微信 application messages to named members.</summary>
    WeComApp,
}

/// <summary>The kind of channel a rule uses.</summary>
public enum By
{
    Robot,
    Sms,
    Voice,
    Webhook,
    Push,

    /// <summary>An application that writes to named members.</summary>
    App,
}

/// <summary>The administrator's settings for a channel, without its endpoint and secret.</summary>
public sealed record ChannelSettings
{
    public const int MostAddresses = 64;
    public const int MostPerMinute = 100_000;
    public const int LongestTimeout = 20;
    public const double ShortestRetry = 0.1;
    public const double LongestRetry = 60;
    public const int LongestTemplate = 4_000;

    /// <summary>The minimum characters of a secret by which answers are believed.</summary>
    public const int ShortestAnswerSecret = 16;

    public required ChannelKind Kind { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required bool Enabled { get; init; }

    public required int PerMinute { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required double FirstRetrySeconds { get; init; }

    public required bool PropertyReads { get; init; }

    public string? Template { get; init; }

    public string? OkField { get; init; }

    public string? OkValue { get; init; }

    /// <summary>Whether the gateway reports keys and replies, so that messages ask for them.</summary>
    public bool Answers { get; init; }
}

/// <summary>A channel for sending messages.</summary>
/// <param name="Endpoint">Null if it can no longer be decrypted.</param>
/// <param name="Secret">Empty if messages are not signed.</param>
public sealed record Channel(string Code, ChannelSettings Settings, Uri? Endpoint, string Secret)
{
    /// <summary>Every place.</summary>
    public const string Everywhere = "*";

    public ChannelKind Kind => Settings.Kind;

    public By By => Kind switch
    {
        ChannelKind.WeCom or ChannelKind.DingTalk or ChannelKind.Feishu => By.Robot,
        ChannelKind.Sms => By.Sms,
        ChannelKind.Voice => By.Voice,
        ChannelKind.Webhook => By.Webhook,
        ChannelKind.Push => By.Push,
        ChannelKind.WeComApp => By.App,
        _ => throw new InvalidOperationException($"Unknown kind of channel {Kind}."),
    };

    /// <summary>Reaches one person at a time, by number or on their phones: such a channel makes a post reachable.</summary>
    public bool IsPersonal => IsPersonalKind(Kind);

    public static bool IsPersonalKind(ChannelKind kind) => kind is ChannelKind.Sms or ChannelKind.Voice or ChannelKind.Push or ChannelKind.WeComApp;

    /// <summary>Whether what its gateway reports is believed.</summary>
    public bool TakesAnswers => Settings is { Enabled: true, Answers: true } && Kind is ChannelKind.Sms or ChannelKind.Voice && Secret.Length >= ChannelSettings.ShortestAnswerSecret;

    /// <summary>Whether a message over it can reach whoever has this number; a room needs none.</summary>
    public bool Reaches(string? number) => Kind switch
    {
        ChannelKind.Sms => Phones.TakesText(number),
        ChannelKind.Voice => number is not null,
        _ => true,
    };

    /// <summary>Messages to one address at the same moment; beyond this they collapse into one with a count. Another system gets each of them.</summary>
    public int Burst => Kind switch
    {
        ChannelKind.Voice => 1,
        ChannelKind.Sms => 3,
        ChannelKind.Webhook => int.MaxValue,
        _ => 5,
    };

    /// <summary>The limits that the services publish for their robots, or what a gateway can handle.</summary>
    public static int PerMinuteOf(ChannelKind kind) => kind switch
    {
        ChannelKind.WeCom or ChannelKind.DingTalk => 20,
        ChannelKind.Feishu => 100,
        ChannelKind.Voice => 60,
        _ => 600,
    };

    public bool Serves(string address) => IsPersonal || Settings.Addresses.Contains(address) || Settings.Addresses.Contains(Everywhere);
}

/// <summary>Addresses: the recipient of a message.</summary>
internal static class Address
{
    public const string Street = "street";
    public const string Caller = "caller";

    private const string TeamPrefix = "team:";
    private const string CommunityPrefix = "community:";
    private const string PostPrefix = "post:";
    private const string PartyPrefix = "party:";

    public static string Team(string code) => TeamPrefix + code;

    public static string Community(string code) => CommunityPrefix + code;

    public static string Post(string id) => PostPrefix + id;

    public static string Party(string code) => PartyPrefix + code;

    public static bool IsPlace(string address) => address == Street || TeamOf(address) is { Length: > 0 } || CommunityOf(address) is { Length: > 0 };

    public static string? TeamOf(string address) => After(address, TeamPrefix);

    public static string? CommunityOf(string address) => After(address, CommunityPrefix);

    public static string? PartyOf(string address) => After(address, PartyPrefix);

    public static string? PostOf(string address) => After(address, PostPrefix);

    private static string? After(string address, string prefix) => address.StartsWith(prefix, StringComparison.Ordinal) ? address[prefix.Length..] : null;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChannelSettings))]
[JsonSerializable(typeof(ReachDocument))]
internal sealed partial class ReachJson : JsonSerializerContext;
