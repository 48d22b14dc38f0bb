using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>Who was skipped because nobody there could accept the case.</summary>
public enum Seat
{
    /// <summary>The teams of the grid.</summary>
    Team,

    /// <summary>The teams of the community.</summary>
    Community,

    /// <summary>The community's desk.</summary>
    CommunityDesk,
}

/// <summary>What accompanied a change: codes only, no free text and no person. <see cref="Details"/> writes it into the journal and reads it back.</summary>
public abstract record Detail
{
    private Detail() { }

    /// <summary>The case climbed: it now rings this tier.</summary>
    public sealed record Climbed(Rung Tier) : Detail;

    /// <summary>More people of the same tier are rung.</summary>
    public sealed record Rang(Rung Tier) : Detail;

    public sealed record Skipped(Seat Seat) : Detail;

    /// <summary>A desk is now handling it.</summary>
    public sealed record Taken(Rung By) : Detail;

    public sealed record NobodyOnDuty(Rung Tier) : Detail;

    /// <summary>By the time the warning was found, the lapse was due too.</summary>
    public sealed record Overtaken : Detail;

    /// <summary>督办: the street watches the case from now on.</summary>
    public sealed record Supervised : Detail;

    /// <summary>The time for evaluation ran out.</summary>
    public sealed record Unrated : Detail;

    /// <summary>This ended a suspension.</summary>
    public sealed record Resumed : Detail;

    /// <summary>The lead may no longer see the case.</summary>
    public sealed record LeadRecused : Detail;

    /// <summary>The case's own caller withdrew their part.</summary>
    public sealed record CallerWithdrew : Detail;

    /// <summary>The caller mended or removed their own number; the number itself stands nowhere but with the person.</summary>
    public sealed record Phone(PhoneChange Change) : Detail;

    /// <summary>The team a desk sent.</summary>
    public sealed record Team(TeamCode Sent) : Detail;

    /// <summary>The team that had it before.</summary>
    public sealed record From(TeamCode Before) : Detail;

    /// <summary>The post that has it after the shift change.</summary>
    public sealed record To(PostId Post) : Detail;

    public sealed record InCategory(string Code) : Detail;

    public sealed record AtLevel(Level Level) : Detail;

    public sealed record InGrid(GridCode Grid) : Detail;

    /// <summary>The key of the answer concerned.</summary>
    public sealed record OfAnswer(string Key) : Detail;

    public sealed record OfParty(string Code) : Detail;

    public sealed record ReturnedFor(ReturnReason Reason) : Detail;

    public sealed record ExemptFor(ExemptionReason Reason) : Detail;

    public sealed record Petition(PetitionKind Kind) : Detail;

    /// <summary>How much longer was asked for or granted, in minutes on the clock of the answer.</summary>
    public sealed record Minutes(int Longer) : Detail;

    /// <summary>The instant asked for or set: a new deadline, the end of a suspension, the city's answer.</summary>
    public sealed record Until(DateTimeOffset At) : Detail;

    /// <summary>The case in which this one continues.</summary>
    public sealed record Into(CallNo No) : Detail;

    /// <summary>The case that was merged into this one or taken out of it.</summary>
    public sealed record Other(CallNo No) : Detail;

    public sealed record Child(CallNo No) : Detail;

    /// <summary>The joined whistle whose caller acted.</summary>
    public sealed record Of(CallNo No) : Detail;

    /// <summary>The emergency number someone called.</summary>
    public sealed record Number(string Called) : Detail;

    public sealed record Solved(bool Is) : Detail;

    public sealed record Rated(Satisfaction Satisfaction) : Detail;

    public sealed record CalledBack(CallbackResult Result) : Detail;

    /// <summary>The key of the standard that set the time limits.</summary>
    public sealed record ByStandard(string Key) : Detail;

    /// <summary>When the button was tapped, as reported by a phone that was offline then.</summary>
    public sealed record Claimed(DateTimeOffset At) : Detail;

    /// <summary>By which kind of channel it was answered, if not on a page: sms or voice.</summary>
    public sealed record Via(string Channel) : Detail;

    /// <summary>When a party said what a desk recorded for it.</summary>
    public sealed record Said(DateTimeOffset At) : Detail;

    /// <summary>A detail from a newer version, kept verbatim.</summary>
    public sealed record Unknown(string Text) : Detail;
}

/// <summary>
/// The only codec for <see cref="Detail"/>: <c>name</c> or <c>name:value</c>, separated by spaces. The texts appear in the journal and the API, and
/// never change.
/// </summary>
public static class Details
{
    public static string Write(ImmutableArray<Detail> details) => details.Length switch
    {
        0 => string.Empty,
        1 => Text(details[0]),
        _ => string.Join(' ', details.Select(Text)),
    };

    public static ImmutableArray<Detail> Read(string text) => text.Length == 0 ? [] : [.. text.Split(' ').Select(One)];

    /// <summary>The text of each detail, as the API shows it.</summary>
    public static string[] Texts(ImmutableArray<Detail> details) => [.. details.Select(Text)];

    public static string Text(Detail detail) => detail switch
    {
        Detail.Climbed d => $"climbed:{Camel(d.Tier)}",
        Detail.Rang d => $"rang:{Camel(d.Tier)}",
        Detail.Skipped d => $"skipped:{Camel(d.Seat)}",
        Detail.Taken d => $"lead:{Camel(d.By)}",
        Detail.NobodyOnDuty d => $"nobodyOnDuty:{Camel(d.Tier)}",
        Detail.Overtaken => "overtaken",
        Detail.Supervised => "supervised",
        Detail.Unrated => "unrated",
        Detail.Resumed => "resumed",
        Detail.LeadRecused => "recused:lead",
        Detail.CallerWithdrew => "callerWithdrew",
        Detail.Phone d => $"phone:{Camel(d.Change)}",
        Detail.Team d => $"team:{d.Sent}",
        Detail.From d => $"from:{d.Before}",
        Detail.To d => $"to:{d.Post}",
        Detail.InCategory d => $"category:{d.Code}",
        Detail.AtLevel d => $"level:{d.Level}",
        Detail.InGrid d => $"grid:{d.Grid}",
        Detail.OfAnswer d => $"answer:{d.Key}",
        Detail.OfParty d => $"party:{d.Code}",
        Detail.ReturnedFor d => $"reason:{Camel(d.Reason)}",
        Detail.ExemptFor d => $"reason:{Camel(d.Reason)}",
        Detail.Petition d => $"petition:{Camel(d.Kind)}",
        Detail.Minutes d => string.Create(CultureInfo.InvariantCulture, $"minutes:{d.Longer}"),
        Detail.Until d => string.Create(CultureInfo.InvariantCulture, $"until:{d.At.ToUnixTimeMilliseconds()}"),
        Detail.Into d => $"into:{d.No}",
        Detail.Other d => $"other:{d.No}",
        Detail.Child d => $"child:{d.No}",
        Detail.Of d => $"of:{d.No}",
        Detail.Number d => $"number:{d.Called}",
        Detail.Solved d => d.Is ? "solved" : "notSolved",
        Detail.Rated d => $"satisfaction:{Camel(d.Satisfaction)}",
        Detail.CalledBack d => $"outcome:{Camel(d.Result)}",
        Detail.ByStandard d => $"standard:{d.Key}",
        Detail.Claimed d => string.Create(CultureInfo.InvariantCulture, $"claimed:{d.At.ToUnixTimeMilliseconds()}"),
        Detail.Via d => $"via:{d.Channel}",
        Detail.Said d => string.Create(CultureInfo.InvariantCulture, $"said:{d.At.ToUnixTimeMilliseconds()}"),
        Detail.Unknown d => d.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(detail), detail, null),
    };

    public static Detail One(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var value = colon < 0 ? string.Empty : text[(colon + 1)..];
        return (colon < 0 ? text : text[..colon]) switch
        {
            "overtaken" => new Detail.Overtaken(),
            "supervised" => new Detail.Supervised(),
            "unrated" => new Detail.Unrated(),
            "resumed" => new Detail.Resumed(),
            "callerWithdrew" => new Detail.CallerWithdrew(),
            "solved" when value is "" or "yes" or "true" => new Detail.Solved(true),
            "solved" when value is "no" or "false" => new Detail.Solved(false),
            "notSolved" => new Detail.Solved(false),
            "recused" when value == "lead" => new Detail.LeadRecused(),
            _ when value.Length == 0 => new Detail.Unknown(text),
            "climbed" when Named<Rung>(value) is { } to => new Detail.Climbed(to),
            "rang" when Named<Rung>(value) is { } tier => new Detail.Rang(tier),
            "skipped" when Named<Seat>(value) is { } seat => new Detail.Skipped(seat),
            "lead" when Named<Rung>(value) is { } by => new Detail.Taken(by),
            "nobodyOnDuty" when Named<Rung>(value) is { } tier => new Detail.NobodyOnDuty(tier),
            "phone" when Named<PhoneChange>(value) is { } change => new Detail.Phone(change),
            "team" => new Detail.Team(new TeamCode(value)),
            "from" => new Detail.From(new TeamCode(value)),
            "to" => new Detail.To(new PostId(value)),
            "category" => new Detail.InCategory(value),
            "level" when Enum.TryParse<Level>(value, out var level) && level.ToString() == value => new Detail.AtLevel(level),
            "grid" => new Detail.InGrid(new GridCode(value)),
            "answer" => new Detail.OfAnswer(value),
            "party" => new Detail.OfParty(value),
            "reason" when Named<ReturnReason>(value) is { } reason => new Detail.ReturnedFor(reason),
            "reason" when Named<ExemptionReason>(value) is { } reason => new Detail.ExemptFor(reason),
            "petition" when Named<PetitionKind>(value) is { } kind => new Detail.Petition(kind),
            "minutes" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var longer) => new Detail.Minutes(longer),
            "until" when Instant(value) is { } end => new Detail.Until(end),
            "into" => new Detail.Into(new CallNo(value)),
            "other" => new Detail.Other(new CallNo(value)),
            "child" => new Detail.Child(new CallNo(value)),
            "of" => new Detail.Of(new CallNo(value)),
            "number" => new Detail.Number(value),
            "satisfaction" when Named<Satisfaction>(value) is { } satisfaction => new Detail.Rated(satisfaction),
            "outcome" when Named<CallbackResult>(value) is { } result => new Detail.CalledBack(result),
            "standard" => new Detail.ByStandard(value),
            "claimed" when Instant(value) is { } at => new Detail.Claimed(at),
            "via" => new Detail.Via(value),
            "said" when Instant(value) is { } at => new Detail.Said(at),
            _ => new Detail.Unknown(text),
        };
    }

    /// <summary>Milliseconds since 1970, UTC; null if it is no such instant.</summary>
    private static DateTimeOffset? Instant(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    internal static string Camel<T>(T value) where T : struct, Enum => Names<T>.ByValue[value];

    internal static T? Named<T>(string text) where T : struct, Enum => Names<T>.ByName.TryGetValue(text, out var value) ? value : null;

    private static class Names<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(value => value, value => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
