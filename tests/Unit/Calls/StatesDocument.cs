using System.Collections.Immutable;
using System.Text;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.Calls.EveryPair;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>
/// Generates docs/states.md by trying every command by everyone in every state. It shows every changed rule in an officer's
/// terms. To regenerate: DISPATCH_WRITE_DOCS=true.
/// </summary>
public sealed class StatesDocument
{
    private static readonly (string Name, string Zh, string En)[] States =
    [
        ("Ringing", "响铃", "ringing, not accepted"), ("Accepted", "已接单", "accepted"), ("OnScene", "已到场", "on the scene"), ("HandedUp", "已上报", "with the city"),
        ("Resolved", "已办结", "awaiting verification"), ("Verified", "已核查", "awaiting the caller's rating"), ("Closed", "已关闭", "over"), ("Withdrawn", "已撤回", "over"),
        ("Declined", "不予受理", "over"), ("Merged", "已并案", "continues in another case"),
    ];

    private static readonly (string Name, string Zh, string En)[] Asked =
    [
        ("Accept", "接单", "accept"), ("Arrive", "到场", "arrive"), ("Resolve", "办结", "resolve"), ("Return", "退单（无职权）", "return, no authority"), ("Acknowledge", "应答", "acknowledge"),
        ("Pass", "核查通过", "verify: passed"), ("Reject", "核查不通过", "verify: failed"), ("Callback", "回访未通", "callback, no answer"), ("Note", "补充", "note"),
        ("Solved", "评价：已解决", "evaluate: solved"), ("Unsolved", "评价：未解决", "evaluate: not solved"), ("Withdraw", "撤回", "withdraw"),
        ("Designate", "指派、改派", "designate"), ("Correct", "更正", "correct"), ("Summon", "呼叫部门", "summon a party"), ("Attend", "部门报到", "a party attends"),
        ("Tell", "告诉来电人", "tell the caller"), ("Help", "请邻队增援", "call a team to help"), ("Come", "去增援", "come to help"),
        ("Finish", "部门办完", "a party has done its part"), ("Disclaim", "部门说不归它管", "a party says it is not its matter"),
        ("Release", "不再等部门", "release a party"), ("Extend", "申请延期", "request an extension"), ("Suspend", "申请挂起", "request a suspension"),
        ("Decline", "申请不予受理", "request a decline"), ("Rule", "批准挂起", "grant a suspension"), ("Dismiss", "批准不予受理", "grant a decline"), ("Resume", "恢复", "resume"), ("Difficult", "标为疑难", "mark as difficult"),
        ("HandUp", "上报市级", "refer to the city"), ("Merge", "并案", "merge"), ("Unmerge", "撤销并案", "unmerge"), ("Emergency", "已拨打 119", "119 called"), ("Child", "开子案", "open a child case"),
        ("Recuse", "本人回避", "recuse oneself"), ("AskExemption", "申请剔除", "request an exemption"), ("RuleExemption", "批准剔除", "grant an exemption"),
        ("Lapse", "到时", "a clock acts"), ("Shift", "换班", "the shift changes"),
    ];

    private static readonly (string Name, string Zh)[] Askers =
    [
        ("lead", "接单人"), ("mate", "同队网格员"), ("attached", "协办队网格员"), ("rung", "被呼叫的他队网格员"), ("far", "他社区网格员"), ("police", "他社区民警"), ("property", "被回避的物业"), ("head", "楼长"),
        ("off", "不在班的队员"), ("desk", "本社区值班"), ("otherDesk", "他社区值班"), ("street", "街道值班"), ("leader", "带班领导"), ("caller", "来电人"), ("clock", "时钟"), ("link", "部门链接"),
    ];

    private static readonly ImmutableDictionary<string, string> Reasons = new Dictionary<Refusal, string>
    {
        [Refusal.NotFound] = "看不到", [Refusal.AlreadyAccepted] = "已有人接", [Refusal.OutOfTurn] = "不在这一步", [Refusal.Over] = "已结束", [Refusal.WrongTeam] = "与本岗无关", [Refusal.NotOnDuty] = "不在班",
        [Refusal.MayNotAccept] = "只看不办", [Refusal.TookPart] = "参与过", [Refusal.NotGridWorker] = "须网格员", [Refusal.NoSuchAnswer] = "没有这项", [Refusal.ClockMoved] = "没有到时的钟", [Refusal.AnswersOwed] = "还有单位没回应",
        [Refusal.Designated] = "指派不能退", [Refusal.NotEntitled] = "无此权限", [Refusal.UnknownTeam] = "没有此队", [Refusal.NobodyOnDuty] = "该队无人在班", [Refusal.UnknownParty] = "没有此单位",
        [Refusal.AlreadyRequested] = "已申请", [Refusal.NothingRequested] = "没有可恢复或可批的", [Refusal.OutOfBounds] = "超出规定", [Refusal.TooLate] = "已超时", [Refusal.Suspended] = "先恢复", [Refusal.CannotMerge] = "不能并", [Refusal.DesignatedMeanwhile] = "别人刚指派",
        [Refusal.NothingToCorrect] = "没有变化", [Refusal.NotBreached] = "没有超时", [Refusal.NoCaller] = "没有来电人", [Refusal.AlreadyAnswered] = "已有人办",
    }.ToImmutableDictionary(pair => pair.Key.ToString(), pair => pair.Value);

    [Fact]
    public void The_document_says_what_the_code_does()
    {
        var (path, made) = (Path.Combine(Root(), "docs", "states.md"), Make());
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_DOCS") == "true") File.WriteAllText(path, made);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == made, "docs/states.md is stale: run the unit tests with DISPATCH_WRITE_DOCS=true, read what has changed, and commit it.");
    }

    [Fact]
    public void Every_state_every_command_and_every_refusal_has_its_word()
    {
        Assert.Equal(Kinds(typeof(CallState)).Select(t => t.Name).Order(), States.Select(s => s.Name).Order());
        Assert.Equal(Commands.Keys.Except(["Unknown", "Stale", "Absorb", "Hide"]).Order(), Asked.Select(c => c.Name).Order());
        Assert.Equal(Enum.GetNames<Refusal>().Order(), Reasons.Keys.Order());
    }

    private static string Make()
    {
        var (text, arrows) = (new StringBuilder(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (state, zh, en) in States)
        {
            text.Append($"\n## {zh} ({state}: {en})\n\n| 做什么 | 谁可以，变成什么 | 其他人得到 |\n|---|---|---|\n");
            foreach (var (command, name, english) in Asked)
            {
                var outcomes = Outcomes(state, command);
                var done = outcomes.Where(o => o.Outcome.Contains('>')).GroupBy(o => o.Outcome.Split('>')[1]).Select(g => $"{Who(g)} → {Zh(g.Key)}").ToList();
                var already = outcomes.Where(o => o.Outcome == "Already").ToList();
                if (already.Count > 0) done.Add($"{Who(already)}：已办过");
                var refused = outcomes.Where(o => Reasons.ContainsKey(o.Outcome)).GroupBy(o => Reasons[o.Outcome]).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}：{Who(g)}");
                text.Append($"| {name} ({english}) | {(done.Count == 0 ? "–" : string.Join("；", done))} | {string.Join("；", refused)} |\n");
                foreach (var to in outcomes.Where(o => o.Outcome.Contains('>')).Select(o => o.Outcome.Split('>')[1]).Distinct().Where(to => to != state)) arrows.Add($"    {state} --> {to}: {name}\n");
            }
        }

        return """
            # The life cycle of a case

            Generated by the unit tests, which try every command on a case in every state; do not edit. The case is a 物业纠纷, so
            property staff are recused; it rang the teams of its community, one team leads it, another is attached. For 报到 a called party owes an
            answer, for 批准 a petition of the lead is pending, for 剔除 接单 was late, and for 恢复 the clocks are paused. “到时” shows
            the next act of its clocks, here a warning; for lapses see the ladder in src/Domain/Calls/Clocks.cs. A return rings the next team.

            ```mermaid
            stateDiagram-v2
                direction LR
                [*] --> Ringing: 吹哨

            """ + string.Concat(arrows.OrderBy(a => Array.FindIndex(States, s => a.TrimStart().StartsWith($"{s.Name} ", StringComparison.Ordinal)))) + "    Merged --> Ringing: 撤销并案，回到并案前\n    Verified --> Closed: 7 日未评价\n```\n" + text;
    }

    private static List<(string Asker, string Outcome)> Outcomes(string state, string command)
    {
        var (call, world) = In(state, command == "Lapse");
        call = Prepared(call, command, world);
        IEnumerable<string> asking = command switch
        {
            "Lapse" or "Shift" => ["clock"],
            "Solved" or "Unsolved" or "Withdraw" => ["caller"],
            "Note" => [.. Posts.Keys, "caller"],
            "Attend" => [.. Posts.Keys, "link"],
            "Finish" or "Disclaim" => ["link"],
            _ => Posts.Keys,
        };
        return [.. asking.OrderBy(asker => Array.FindIndex(Askers, a => a.Name == asker)).Select(asker => (asker, Outcome(call, Life.Decide(call, Commands[command](call, Posts.GetValueOrDefault(asker)), world))))];
    }

    /// <summary>What a command is about is there, where the state can have it.</summary>
    private static WhistleCall Prepared(WhistleCall call, string command, Surroundings world)
    {
        if (command == "AskExemption") return call with { Answers = [.. call.Answers.Select(a => a.Key == "accept" ? a with { Clock = a.Clock with { Acted = ClockAct.Lapse } } : a)] };
        if (command == "RuleExemption") return call with { Exemptions = [new Exemption("accept", ExemptionReason.OutsideCause, Worker(1).Id)] };
        if (call.State is not (CallState.Ringing or CallState.Accepted or CallState.OnScene)) return call;
        if (command == "Come") call = call with { Ringing = call.Ringing.Remove(Team(2)) };
        var clock = Clock.Start(world.Calendar, world.Now, world.Policy.Decide, world.Policy.WarnFraction);
        return command switch
        {
            "Attend" or "Release" or "Finish" or "Disclaim" => call with { Answers = call.Answers.Add(new Answer("party-water", AnswerKind.Attend, "water", true, clock, null)) },
            "Come" => call with { Answers = call.Answers.Add(new Answer("help-t2", AnswerKind.Help, Team(2).Value, false, clock, null)) },
            "Rule" => call with { Petitions = [new Petition(PetitionKind.Suspension, Worker(1).Id, Rung.Team, null, At("2026-11-05 09:00"), clock)] },
            "Dismiss" => call with { Petitions = [new Petition(PetitionKind.Decline, Worker(1).Id, Rung.Team, null, null, clock)] },
            "Resume" when call.State is not CallState.Ringing => call with { Suspended = new Suspension(world.Now, world.Now.AddDays(1)) },
            _ => call,
        };
    }

    private static string Who(IEnumerable<(string Asker, string Outcome)> outcomes)
    {
        var named = outcomes.Select(o => o.Asker).ToHashSet();
        var all = Askers.Where(a => Posts.ContainsKey(a.Name)).ToList();
        return named.SetEquals(all.Select(a => a.Name)) ? "所有岗位" : string.Join("、", Askers.Where(a => named.Contains(a.Name)).Select(a => a.Zh));
    }

    private static string Zh(string state) => States.Single(s => s.Name == state).Zh;

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DispatchCenter.sln"))) at = at.Parent ?? throw new InvalidOperationException("The tests do not run from within the project.");
        return at.FullName;
    }
}
