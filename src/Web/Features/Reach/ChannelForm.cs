using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Features.Reach;

/// <summary>A channel as a form has it: texts, whatever was typed.</summary>
public sealed record ChannelForm
{
    /// <summary>Whether it adds a channel rather than changing one.</summary>
    public bool IsNew { get; init; } = true;

    public string? Code { get; init; }

    public string? Kind { get; init; }

    public string[] Addresses { get; init; } = [];

    /// <summary>Empty: the previous one stays.</summary>
    public string? Url { get; init; }

    /// <summary>Empty: the previous one stays.</summary>
    public string? Secret { get; init; }

    /// <summary>yes: the previous secret is removed.</summary>
    public string? NoSecret { get; init; }

    /// <summary>yes or nothing.</summary>
    public string? Enabled { get; init; }

    /// <summary>yes or nothing.</summary>
    public string? PropertyReads { get; init; }

    /// <summary>Empty: what is usual for the kind.</summary>
    public string? PerMinute { get; init; }

    public string? TimeoutSeconds { get; init; }

    public string? Template { get; init; }

    public string? OkField { get; init; }

    public string? OkValue { get; init; }

    /// <summary>yes or nothing.</summary>
    public string? Answers { get; init; }

    /// <summary>Whether a secret is there; it is never shown.</summary>
    public bool HasSecret { get; init; }

    public static ChannelForm Of(ChannelView channel) => new()
    {
        IsNew = false,
        Code = channel.Code,
        Kind = channel.Kind,
        Addresses = [.. channel.Addresses],
        Enabled = channel.Enabled ? "yes" : null,
        PropertyReads = channel.PropertyReads ? "yes" : null,
        PerMinute = channel.PerMinute.ToString(CultureInfo.InvariantCulture),
        TimeoutSeconds = channel.TimeoutSeconds.ToString(CultureInfo.InvariantCulture),
        Template = channel.Template,
        OkField = channel.OkField,
        OkValue = channel.OkValue,
        Answers = channel.Answers ? "yes" : null,
        HasSecret = channel.HasSecret,
    };

    /// <summary>The request; null if a number cannot be read.</summary>
    /// <param name="about">The field that cannot.</param>
    internal ChannelRequest? Read(out string about)
    {
        about = string.Empty;
        if (!Number(PerMinute, out var perMinute)) about = "perMinute";
        else if (!Number(TimeoutSeconds, out var timeout)) about = "timeoutSeconds";
        else return new ChannelRequest
        {
            Kind = Filled(Kind) ?? string.Empty,
            Addresses = Addresses is { Length: > 0 } ? Addresses : IsNew ? null : [],
            Url = Filled(Url),
            Secret = NoSecret == "yes" ? string.Empty : Filled(Secret),
            Enabled = Enabled == "yes",
            PropertyReads = PropertyReads == "yes",
            PerMinute = perMinute,
            TimeoutSeconds = timeout,
            Template = Filled(Template) ?? string.Empty,
            OkField = Filled(OkField) ?? string.Empty,
            OkValue = Filled(OkValue) ?? string.Empty,
            Answers = Answers == "yes",
        };
        return null;
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool Number(string? text, out int? number)
    {
        number = null;
        if (Filled(text) is not { } typed) return true;
        if (!int.TryParse(Texts.Plain(typed), NumberStyles.None, CultureInfo.InvariantCulture, out var read)) return false;
        number = read;
        return true;
    }
}
