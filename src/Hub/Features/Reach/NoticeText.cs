using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>The text of a message: number, level, category, grid and link; no people, no free text.</summary>
public sealed class NoticeText(StreetBook streets, PolicyBook policies, ProcedureBook procedures, Roster roster)
{
    internal string Of(OutboxRow row, Rules rules, string link)
    {
        var args = row.Event switch
        {
            Rules.Unreachable => [PlaceOf(row.Address, rules.IsChinese), KindOf(row.Subject, rules.IsChinese), link],
            Rules.Gap when Gap.Parse(row.Subject) is var gap => [UnitOf(gap.Unit, rules.IsChinese), WallClock.Write(gap.From, "MM-dd HH:mm"), gap.Hours, link],
            Outbox.Digest => [.. Counts(row.Detail), link],
            Outbox.Test => [link],
            _ => new object[] { row.CallNo, Level(row.Level, rules.IsChinese), Category(row, rules.IsChinese), Grid(row.Grid, rules.IsChinese), link, row.Event, row.Event == GatewayAnswers.Answered ? AnswerTo(row.Subject, rules.IsChinese) : string.Empty },
        };
        return string.Format(CultureInfo.InvariantCulture, Say(CodeOf(row), rules.IsChinese), args).TrimEnd();
    }

    /// <summary>The head of a message where it has one.</summary>
    internal static string Title(OutboxRow row, Rules rules) => string.Format(CultureInfo.InvariantCulture, Say("notice_card", rules.IsChinese), row.CallNo).TrimEnd();

    /// <summary>How to answer a message, at its end.</summary>
    internal static string Reply(OutboxRow row, ChannelKind kind, string code, Rules rules) =>
        string.Format(CultureInfo.InvariantCulture, Say($"notice_reply_{(GatewayAnswers.IsCallOut(row) ? "heard_" : string.Empty)}{(kind == ChannelKind.Voice ? "voice" : "sms")}", rules.IsChinese), code);

    /// <summary>What came of a reply; who won stands on the page.</summary>
    private static string AnswerTo(string code, bool chinese) => Say(code switch { Codes.Ok => "notice_accepted_by_you", Codes.AlreadyAccepted => "answer_taken", _ => code }, chinese);

    private static string CodeOf(OutboxRow row)
    {
        var prefix = row.Address == Address.Caller ? "caller_" : Address.PartyOf(row.Address) is not null && row.Event != Outbox.Test ? "party_" : "notice_";
        return Sentences.Has(prefix + row.Event) ? prefix + row.Event : prefix + "changed";
    }

    /// <summary>The total, S1, S2, S3 and other counts from "S1:2 S3:5".</summary>
    private static object[] Counts(string detail)
    {
        var counts = Outbox.ReadCounts(detail);
        int Of(string level) => counts.GetValueOrDefault(level);
        return [counts.Values.Sum(), Of("S1"), Of("S2"), Of("S3"), Of("-")];
    }

    private static string Level(string level, bool chinese) => Sentences.Has("notice_level_" + level) ? Say("notice_level_" + level, chinese) : level;

    /// <summary>The category of a whistle, or the procedure of another matter.</summary>
    private string Category(OutboxRow row, bool chinese)
    {
        if (!CaseQueries.IsWhistle(row.CallNo)) return procedures.Current.Find(row.Category) is { } p ? (chinese ? p.Name : p.NameEn) : row.Category;
        return In(policies.Current.CategoryName(row.Category), chinese);
    }

    private string Grid(string code, bool chinese) => In(streets.PlaceNames.Grid(code), chinese);

    private string PlaceOf(string address, bool chinese)
    {
        if (Address.TeamOf(address) is { } team) return In(streets.PlaceNames.Team(team), chinese);
        if (Address.CommunityOf(address) is { } community) return In(streets.PlaceNames.Community(community), chinese);
        return chinese ? streets.Map.Name : streets.Map.NameEn;
    }

    private static string In((string Zh, string En) name, bool chinese) => chinese ? name.Zh : name.En;

    private string UnitOf(DutyUnit unit, bool chinese) => unit.Team is not null ? PlaceOf(unit.Value, chinese)
        : unit == DutyUnit.Leader ? Say("post_leader", chinese)
        : $"{PlaceOf(unit.Value, chinese)} {Say(unit.Desk is null ? "post_streetDesk" : "post_communityDesk", chinese)}";

    private string KindOf(string post, bool chinese) => roster.FindPost(post) is { } known && Sentences.Has("post_" + Names.Camel(known.Kind)) ? Say("post_" + Names.Camel(known.Kind), chinese) : post;

    private static string Say(string code, bool chinese)
    {
        var (_, zh, en) = Sentences.Find(code);
        return chinese ? zh : en;
    }
}
