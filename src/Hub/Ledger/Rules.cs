using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Who is notified of what, as people write it.</summary>
public sealed record ReachDocument
{
    /// <summary>The address at which people open the pages, such as https://dispatch.example.cn; without it messages carry no link.</summary>
    public string? Link { get; init; }

    /// <summary>The language of the messages: zh or en; zh if omitted.</summary>
    public string? Language { get; init; }

    /// <summary>Hours in which nobody's own phone rings for an S3: what is due then leaves at their end, unless it is accepted before. None if omitted.</summary>
    public QuietDocument? Quiet { get; init; }

    public required IReadOnlyList<RuleDocument> Rules { get; init; }
}

/// <param name="From">Time of day in Asia/Shanghai, HH:mm.</param>
/// <param name="Until">Another; an earlier one is that of the next day.</param>
public sealed record QuietDocument(string From, string Until);

/// <param name="On">A change, by its name in the journal; or ringing (a team starts being rung), climbed (one rung higher), callerNoted (the caller added something), unreachable, gap (空岗), matterAsked, matterMoved, matterClimbed, matterEnded, calledOut (叫应: until each has answered), any.</param>
/// <param name="To">lead (whoever is handling the case, or whom it rings), guide (首问: whoever took the report in, or the community's desk), team, community, street, caller, or party: the called party whose answer the change is about.</param>
/// <param name="By">robot, sms, voice, webhook, push or app; a push tells staff that something rings for them, and nothing else; an application writes to staff alone.</param>
/// <param name="After">Seconds; a notice waiting for a ringing case is cancelled in the transaction that accepts it.</param>
/// <param name="Levels">All if omitted.</param>
public sealed record RuleDocument(string On, string To, string By, int After = 0, IReadOnlyList<string>? Levels = null);

/// <summary>One parsed rule.</summary>
internal sealed record Rule(string On, string To, By By, TimeSpan After, ImmutableArray<Level> Levels);

/// <summary>安静时段: the hours in which nobody's own phone rings for an S3.</summary>
internal sealed record QuietHours(TimeOnly From, TimeOnly Until)
{
    /// <summary>When a message that is due at this instant may leave.</summary>
    public DateTimeOffset After(DateTimeOffset due)
    {
        var local = due.ToOffset(WorkCalendar.Offset);
        if (!TimeOnly.FromTimeSpan(local.TimeOfDay).IsBetween(From, Until)) return due;
        var end = new DateTimeOffset(local.Date + Until.ToTimeSpan(), WorkCalendar.Offset);
        return end > due ? end : end.AddDays(1);
    }
}

/// <summary>One version of the street's rules.</summary>
internal sealed record Rules(int Version, string Json, Uri? Link, bool IsChinese, QuietHours? Quiet, ImmutableArray<Rule> All)
{
    public const string Ringing = "ringing";
    public const string Climbed = "climbed";
    public const string CallerNoted = "callerNoted";
    public const string HelpCalled = "helpCalled";
    public const string Unreachable = "unreachable";
    public const string Gap = "gap";
    public const string Any = "any";

    /// <summary>Somebody begins to be asked in a matter.</summary>
    public const string MatterAsked = "matterAsked";

    /// <summary>A matter has come to its next stage.</summary>
    public const string MatterMoved = "matterMoved";

    /// <summary>A clock of a matter has run out, or nobody could be asked: one rung higher.</summary>
    public const string MatterClimbed = "matterClimbed";
    public const string MatterEnded = "matterEnded";

    /// <summary>叫应: somebody is rung until they have answered. In a drill the message is a <see cref="Drilled"/> one and says so; the rules for both are these.</summary>
    public const string CalledOut = "calledOut";

    /// <summary>The event of a message in a drill of <see cref="CalledOut"/>.</summary>
    public const string Drilled = "drilled";

    /// <summary>Whoever is handling the case or, while nobody is, the teams it rings.</summary>
    public const string Lead = "lead";

    /// <summary>首问: the team or desk that guides the caller; the community's desk for a whistle from a page.</summary>
    public const string Guide = "guide";

    /// <summary>The party, called to the case or required by the pack, whose answer the change is about.</summary>
    public const string Party = "party";

    public const int Most = 200;

    /// <summary>The longest delay of a rule.</summary>
    public static readonly TimeSpan LongestAfter = TimeSpan.FromDays(1);

    private static readonly FrozenSet<string> Events = Enum.GetValues<What>().Select(Names.Camel).Concat([Ringing, Climbed, CallerNoted, Unreachable, Gap, Any, MatterAsked, MatterMoved, MatterClimbed, MatterEnded, CalledOut]).ToFrozenSet();

    private static readonly FrozenSet<string> Targets = new[] { Lead, Guide, "team", "community", Address.Street, Address.Caller, Party }.ToFrozenSet();

    public static Rules Default { get; } = Parse(ReadDefault(), 0);

    /// <exception cref="UnusableDocumentException">The document cannot be used.</exception>
    public static Rules Parse(string json, int version)
    {
        ReachDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, ReachJson.Default.ReachDocument) ?? throw UnusableDocumentException.Of("reach_null");
        }
        catch (JsonException e)
        {
            throw UnusableDocumentException.Of(e);
        }

        if (document.Rules.Count > Most) throw UnusableDocumentException.Of("reach_most", Most);
        if (document.Language is not (null or "zh" or "en")) throw UnusableDocumentException.Of("reach_language");
        Uri? link = null;
        if (document.Link is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out link) || link.Scheme is not ("http" or "https") || link.UserInfo.Length > 0))
            throw UnusableDocumentException.Of("reach_link", text);
        return new Rules(version, json, link, document.Language != "en", QuietOf(document.Quiet), [.. document.Rules.Select(Read)]);
    }

    private static QuietHours? QuietOf(QuietDocument? quiet)
    {
        if (quiet is null) return null;
        if (WallClock.TimeOf(quiet.From) is not { } from || WallClock.TimeOf(quiet.Until) is not { } until || from == until) throw UnusableDocumentException.Of("reach_quiet");
        return new QuietHours(from, until);
    }

    private static Rule Read(RuleDocument rule)
    {
        if (rule is null) throw UnusableDocumentException.Of("reach_null");
        if (!Events.Contains(rule.On)) throw UnusableDocumentException.Of("reach_on", rule.On);
        if (!Targets.Contains(rule.To)) throw UnusableDocumentException.Of("reach_to", rule.To);
        var by = Names.Parse<By>(rule.By) ?? throw UnusableDocumentException.Of("reach_by", rule.By);
        if (rule.To == Address.Caller && by != By.Sms) throw UnusableDocumentException.Of("reach_caller_by");
        if (rule.To == Address.Caller && rule.On is Ringing or Climbed or CallerNoted or Unreachable or Gap or MatterClimbed or CalledOut) throw UnusableDocumentException.Of("reach_caller_on", rule.On);
        if (rule.To == Party && rule.On is Ringing or Climbed or CallerNoted or Unreachable or Gap or MatterMoved or MatterClimbed or MatterEnded or CalledOut) throw UnusableDocumentException.Of("reach_party_on", rule.On);
        if (by == By.Push && (rule.To is not (Lead or "team" or "community" or Address.Street) || rule.On is not (Ringing or Climbed or HelpCalled or CalledOut))) throw UnusableDocumentException.Of("reach_push_on", rule.On, rule.To);
        if (by == By.App && rule.To == Party) throw UnusableDocumentException.Of("reach_app_to");
        if (rule.To == Guide && rule.On is not CallerNoted) throw UnusableDocumentException.Of("reach_guide_on", rule.On);
        if (rule.To == Lead && rule.On is Unreachable or Gap) throw UnusableDocumentException.Of("reach_no_lead", rule.On);
        if (rule.After < 0 || rule.After > LongestAfter.TotalSeconds) throw UnusableDocumentException.Of("reach_after", LongestAfter.TotalSeconds);
        if (rule.Levels?.All(l => l is "S1" or "S2" or "S3") is false) throw UnusableDocumentException.Of("reach_levels");
        return new Rule(rule.On, rule.To, by, TimeSpan.FromSeconds(rule.After), [.. rule.Levels?.Select(Enum.Parse<Level>) ?? Enum.GetValues<Level>()]);
    }

    private static string ReadDefault()
    {
        using var stream = typeof(Rules).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Ledger.default-reach.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
