using System.Text.Json.Nodes;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Sla;

public sealed class PolicyJsonTests
{
    [Fact]
    public void The_default_owes_three_answers()
    {
        Assert.Equal(
            [
                new AnswerRule("accept", AnswerKind.Accept, "team", Required: true),
                new AnswerRule("arrive", AnswerKind.Arrive, "lead", Required: true),
                new AnswerRule("resolve", AnswerKind.Resolve, "lead", Required: true),
            ],
            DefaultPolicy.Pack);
        Assert.Equal(1, DefaultPolicy.Version);
        Assert.Empty(DefaultPolicy.Mistakes());
    }

    [Theory]
    [InlineData(Level.S1, "accept", ClockKind.Continuous, 3)]
    [InlineData(Level.S1, "arrive", ClockKind.Continuous, 15)]
    [InlineData(Level.S1, "resolve", ClockKind.Continuous, 2 * 60)]
    [InlineData(Level.S2, "accept", ClockKind.Continuous, 15)]
    [InlineData(Level.S2, "arrive", ClockKind.Continuous, 60)]
    [InlineData(Level.S2, "resolve", ClockKind.Continuous, 24 * 60)]
    [InlineData(Level.S3, "accept", ClockKind.ServiceHours, 2 * 60)]
    [InlineData(Level.S3, "arrive", ClockKind.ServiceHours, 12 * 60)]
    [InlineData(Level.S3, "resolve", ClockKind.WorkingTime, 3 * 7 * 60)]
    public void The_default_limits_are(Level level, string answer, ClockKind kind, int minutes) =>
        Assert.Equal(new Span(kind, TimeSpan.FromMinutes(minutes)), DefaultPolicy.Limit(level, answer));

    [Fact]
    public void The_default_waits_hours_and_warning_are()
    {
        Assert.Equal(new Span(ClockKind.WorkingTime, TimeSpan.FromHours(7)), DefaultPolicy.Verify);
        Assert.Equal(new Span(ClockKind.Continuous, TimeSpan.FromDays(7)), DefaultPolicy.Evaluate);
        Assert.Equal(0.8, DefaultPolicy.WarnFraction);
        Assert.Equal([new DayWindow(8 * 60, 20 * 60)], DefaultPolicy.Hours.Service);
        Assert.Equal([new DayWindow(8 * 60 + 30, 12 * 60), new DayWindow(14 * 60, 17 * 60 + 30)], DefaultPolicy.Hours.Working);
        Assert.Equal(TimeSpan.FromHours(7), DefaultPolicy.Hours.WorkingDay);
        Assert.Equal(WorkHours.Default.Service, DefaultPolicy.Hours.Service);
        Assert.Equal(WorkHours.Default.Working, DefaultPolicy.Hours.Working);
    }

    [Fact]
    public void The_default_says_of_every_urgent_category_what_to_do_first()
    {
        Assert.Equal(DefaultPolicy.Categories.Where(c => c.Level == Level.S1).Select(c => c.Code), DefaultPolicy.FirstAid.Keys.Order());
        Assert.Equal("96333", DefaultPolicy.FirstAid["06"].Call);
    }

    [Theory]
    [InlineData("""{"text":"","textEn":"Keep away."}""")]
    [InlineData("""{"text":"别靠近。","textEn":" "}""")]
    [InlineData("""{"text":"别靠近。","textEn":"Keep away.","call":"96333; rm"}""")]
    [InlineData("""{"text":"别靠近。","textEn":"Keep away.","call":"96"}""")]
    [InlineData("""{"text":"别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近别靠近","textEn":"Keep away."}""")]
    [InlineData("null")]
    public void What_to_do_first_that_nobody_could_read_or_call_is_refused(string said) =>
        Assert.Throws<UnusableDocumentException>(() => PolicyJson.Parse(With(said, "06"), 1));

    [Fact]
    public void What_to_do_first_of_a_category_that_is_gone_is_kept_and_a_policy_may_say_nothing()
    {
        Assert.Equal("Keep away.", PolicyJson.Parse(With("""{"text":"别靠近。","textEn":"Keep away."}""", "99"), 1).FirstAid["99"].TextEn);
        var silent = JsonNode.Parse(PolicyBook.DefaultJson())!.AsObject();
        silent.Remove("firstAid");
        Assert.Empty(PolicyJson.Parse(silent.ToJsonString(), 1).FirstAid);
    }

    [Fact]
    public void The_default_says_of_every_kind_of_post_what_its_duties_are() => Assert.Equal(Enum.GetValues<PostKind>(), DefaultPolicy.Duties.Keys.Order());

    [Theory]
    [InlineData("gridWorker", """[{"text":"","textEn":"Keep it."}]""")]
    [InlineData("gridWorker", """[{"text":"守时。","textEn":" "}]""")]
    [InlineData("gridWorker", "[null]")]
    [InlineData("gridWorker", "null")]
    [InlineData("gridWorker", """[{"text":"守时。","textEn":"Keep it.","hours":"08:00"}]""")]
    [InlineData("gridWorkers", """[{"text":"守时。","textEn":"Keep it."}]""")]
    public void Duties_that_nobody_could_read_or_of_no_post_are_refused(string kind, string rules) => Assert.Throws<UnusableDocumentException>(() => Duties(kind, rules));

    [Fact]
    public void A_post_has_at_most_twelve_duties_and_a_policy_may_say_nothing()
    {
        static string Rules(int count) => "[" + string.Join(',', Enumerable.Repeat("""{"text":"守时。","textEn":"Keep it."}""", count)) + "]";
        Assert.Equal(12, Duties("leader", Rules(12)).Duties[PostKind.Leader].Length);
        Assert.Contains("leader", Assert.Throws<UnusableDocumentException>(() => Duties("leader", Rules(13))).English, StringComparison.OrdinalIgnoreCase);
        var silent = JsonNode.Parse(PolicyBook.DefaultJson())!.AsObject();
        silent.Remove("duties");
        Assert.Empty(PolicyJson.Parse(silent.ToJsonString(), 1).Duties);
    }

    private static Policy Duties(string kind, string rules)
    {
        var document = JsonNode.Parse(PolicyBook.DefaultJson())!;
        document["duties"] = new JsonObject { [kind] = JsonNode.Parse(rules) };
        return PolicyJson.Parse(document.ToJsonString(), 1);
    }

    private static string With(string firstAid, string category)
    {
        var document = JsonNode.Parse(PolicyBook.DefaultJson())!;
        document["firstAid"] = new JsonObject { [category] = JsonNode.Parse(firstAid) };
        return document.ToJsonString();
    }

    [Fact]
    public void The_default_has_these_26_categories_at_these_levels()
    {
        const string expected =
            "01 供水爆管 S1 · 02 排水堵塞 S2 · 03 停水停电 S2 · 04 燃气泄漏 S1 · 05 供暖 S2 · 06 电梯困人/故障 S1 · 07 井盖缺损 S1 · 08 路灯/楼道灯 S3 · " +
            "09 道路破损/塌陷/积水 S3 · 10 线缆脱落 S2 · 11 垃圾满溢 S3 · 12 乱堆/小广告 S3 · 13 噪音/油烟 S3 · 14 占道经营 S3 · 15 乱停/堵消防通道 S2 · " +
            "16 私搭乱建/毁绿 S3 · 17 违规养犬 S3 · 18 高空坠物/外墙 S1 · 19 飞线充电/消防隐患 S2 · 20 治安 S1 · 21 矛盾纠纷 S3 · 22 房屋渗漏 S3 · " +
            "23 物业纠纷 S3 · 24 独居老人/走失求助 S1 · 25 民政社保代办 S3 · 26 咨询及其他 S3";
        Assert.Equal(expected, string.Join(" · ", DefaultPolicy.Categories.Select(c => $"{c.Code} {c.Name} {c.Level}")));
        Assert.Equal(["23"], DefaultPolicy.Categories.Where(c => c.RecusesProperty).Select(c => c.Code));
        Assert.All(DefaultPolicy.Categories, c => Assert.NotEmpty(c.NameEn));
        Assert.Null(DefaultPolicy.FindCategory("27"));
    }

    [Theory]
    [InlineData("3m", ClockKind.Continuous, 3)]
    [InlineData("2h", ClockKind.Continuous, 120)]
    [InlineData("7d", ClockKind.Continuous, 7 * 1440)]
    [InlineData("2sh", ClockKind.ServiceHours, 120)]
    [InlineData("15wd", ClockKind.WorkingTime, 15 * 420)]
    public void A_span_is_written_as(string text, ClockKind kind, int minutes) =>
        Assert.Equal(new Span(kind, TimeSpan.FromMinutes(minutes)), PolicyJson.ParseSpan(text, WorkHours.Default));

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("m")]
    [InlineData("-3m")]
    [InlineData("3 m")]
    [InlineData("3M")]
    [InlineData("3min")]
    [InlineData("1.5h")]
    [InlineData("２h")]
    [InlineData("99999999999h")]
    [InlineData("2147483647d")]
    [InlineData("2147483647h")]
    [InlineData("2147483647wd")]
    public void A_span_that_cannot_be_understood_is_refused_in_words(string text) =>
        Assert.Contains("is not a span", Assert.Throws<UnusableDocumentException>(() => PolicyJson.ParseSpan(text, WorkHours.Default)).Message, StringComparison.Ordinal);

    /// <summary>A path into the default, what is written there instead (nothing: it is taken away), and a part of the words that refuse it.</summary>
    public static TheoryData<string, string?, string> Mistakes => new()
    {
        { "surge/cases", "1", "A surge" },
        { "surge/within", "\"8d\"", "A surge" },
        { "surge/within", "\"2sh\"", "continuous" },
        { "pack", "[]", "1 to 24 answers" },
        { "pack", "null", "null" },
        { "pack", null, "pack" },
        { "pack/1", "null", "null" },
        { "pack/1/key", "\"accept\"", "share a key" },
        { "pack/1/key", "null", "null" },
        { "pack/1/key", "\"\"", "key" },
        { "pack/1/kind", "\"arriving\"", "must be one of" },
        { "pack/1/kind", "\"1\"", "must be one of" },
        { "pack/1/kind", "\"+1\"", "must be one of" },
        { "pack/1/kind", "\"accept,arrive\"", "must be one of" },
        { "pack/1/kind", "\"\"", "must be one of" },
        { "pack/1/kind", "\"accept\"", "exactly one accept" },
        { "pack/1/kind", "\"resolve\"", "exactly one resolve" },
        { "pack/0/required", "false", "accept" },
        { "pack/2/required", "false", "resolve" },
        { "pack/0/required", "\"yes\"", "required" },
        { "pack/0/hurry", "true", "hurry" },
        { "limits/S1", null, "accept at S1 is missing" },
        { "limits/S4", "{}", "must be one of" },
        { "limits/s1", "{}", "twice" },
        { "limits/S2/arrive", null, "arrive at S2 is missing" },
        { "limits/S2/arrive", "\"0m\"", "arrive at S2" },
        { "limits/S2/arrive", "\"366d\"", "arrive at S2" },
        { "limits/S2/arrive", "\"soon\"", "is not a span" },
        { "limits/S2/arrive", "null", "null" },
        { "limits/S2", "null", "null" },
        { "verify", "\"0m\"", "verification" },
        { "evaluate", "\"1000d\"", "evaluation" },
        { "verify", null, "verify" },
        { "warnFraction", "0", "between 0 and 1" },
        { "warnFraction", "1", "between 0 and 1" },
        { "warnFraction", "80", "between 0 and 1" },
        { "hours/service", "[]", "Windows" },
        { "hours/working", "[\"14:00-17:30\", \"08:30-12:00\"]", "Windows" },
        { "hours/working", "[\"08:30-12:00\", \"12:00-17:30\"]", "Windows" },
        { "hours/working", "[\"12:00-08:30\"]", "Windows" },
        { "hours/service", "[\"08:00-24:01\"]", "is not a time window" },
        { "hours/service", "[\"8-20\"]", "is not a time window" },
        { "hours/service", "[\"08:00–20:00\"]", "is not a time window" },
        { "hours/service", "[null]", "null" },
        { "hours", "null", "null" },
        { "categories", "[]", "1 to 200 categories" },
        { "categories/0", "null", "null" },
        { "categories/0/code", "\"02\"", "share a code" },
        { "categories/0/code", "\"a/b\"", "code" },
        { "categories/0/code", "\"\"", "code" },
        { "categories/0/name", "null", "null" },
        { "categories/0/level", "\"S9\"", "must be one of" },
        { "categories/0/level", "\"S1,S2\"", "must be one of" },
        { "choice", "{\"order\": \"random\"}", "must be one of" },
        { "choice", "{\"setOff\": \"2sh\"}", "not a continuous span" },
        { "choice", "{\"setOff\": \"31d\"}", "rules of choice" },
        { "choice", "{\"metresPerMinute\": 5}", "rules of choice" },
        { "choice", "{\"workDoubt\": 3}", "rules of choice" },
        { "choice", "{\"unskilled\": 0.5}", "rules of choice" },
        { "choice", "{\"levels\": {\"S1\": {\"work\": \"0m\", \"lateCost\": \"4h\"}}}", "rules of choice" },
        { "choice", "{\"levels\": {\"S1\": null}}", "null" },
        { "choice", "{\"skills\": {\"mayor\": [\"05\"]}}", "must be one of" },
        { "choice", "{\"skills\": {\"police\": [null]}}", "null" },
        { "choice", "{\"skills\": {\"police\": [\"\"]}}", "rules of choice" },
        { "surprise", "1", "surprise" },
        { "categories/0/name", null, "$.categories[0].name" },
        { "categories/1/nameEn", null, "$.categories[1].nameEn" },
        { "categories/2/code", null, "$.categories[2].code" },
        { "categories/0/level", null, "$.categories[0].level" },
        { "categories/3", "null", "$.categories[3]" },
        { "categories/0/name", "\" \"", "name" },
        { "parties/0/code", null, "$.parties[0].code" },
        { "parties/0/name", null, "$.parties[0].name" },
        { "parties/1", "null", "$.parties[1]" },
        { "pack/0/key", null, "$.pack[0].key" },
        { "pack/2/party", null, "$.pack[2].party" },
        { "hours", "{}", "$.hours.service" },
        { "hours/working", null, "$.hours.working" },
        { "surge", "{\"within\": \"2h\"}", "$.surge.cases" },
        { "choice", "{\"levels\": {\"S1\": {}}}", "$.choice.levels.S1.work" },
        { "choice", "{\"skills\": {\"police\": [\"05\", null]}}", "$.choice.skills.police[1]" },
        { "choice", "{\"metresPerMinute\": 1e400}", "$.choice.metresPerMinute" },
        { "limits/S1/accept", "null", "$.limits.S1" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_in_words(string path, string? instead, string words)
    {
        var json = Changed(path, instead);
        var refused = Assert.Throws<UnusableDocumentException>(() => PolicyJson.Parse(json, 1));
        Assert.Contains(words, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A street that took such a policy in when nobody asked for the names goes on with it.</summary>
    [Fact]
    public void A_policy_of_before_without_names_is_read_by_its_codes()
    {
        var policy = PolicyJson.ParseStored(Changed("categories/0/name", null), 1);
        Assert.Equal(policy.Categories[0].Code, policy.Categories[0].Name);
        Assert.Equal(policy.Parties[0].Name, PolicyJson.ParseStored(Changed("parties/0/nameEn", null), 1).Parties[0].NameEn);
        Assert.Equal(DefaultPolicy.Categories, PolicyJson.ParseStored(PolicyBook.DefaultJson(), 1).Categories);
    }

    [Fact]
    public void Rules_of_choice_that_are_not_said_are_as_usual()
    {
        var choice = PolicyJson.Parse(Changed("choice", "{\"order\": \"nearestFirst\", \"levels\": {\"S1\": {\"work\": \"90m\", \"lateCost\": \"8h\"}}, \"skills\": {\"police\": [\"20\"]}}"), 1).Choice;
        Assert.Equal((ChoiceOrder.NearestFirst, TimeSpan.FromMinutes(90), TimeSpan.FromHours(8)), (choice.Order, choice.Levels[Level.S1].Work, choice.Levels[Level.S1].LateCost));
        Assert.Equal((new ChoiceRules().Levels[Level.S2], new ChoiceRules().SetOff), (choice.Levels[Level.S2], choice.SetOff));
        Assert.Equal([PostKind.Police], choice.Skills.Keys);
        Assert.Equal(new ChoiceRules().WorkDoubt, DefaultPolicy.Choice.WorkDoubt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("policy")]
    public void Something_that_is_no_document_is_refused(string json) => Assert.Throws<UnusableDocumentException>(() => PolicyJson.Parse(json, 1));

    [Theory]
    [InlineData("{}", "line 1: ", "pack")]
    [InlineData("{\n  \"packs\": []\n}", "line ", "packs")]
    [InlineData("{\n  \"pack\": 7\n}", "line 2, $.pack", "wrong type")]
    [InlineData("policy", "line 1", "not valid JSON")]
    public void What_is_wrong_with_a_document_is_said_by_its_line_and_its_members_and_not_by_names_of_the_program(string json, string where, string what)
    {
        var said = Assert.Throws<UnusableDocumentException>(() => PolicyJson.Parse(json, 1)).Message;
        Assert.StartsWith(where, said, StringComparison.Ordinal);
        Assert.Contains(what, said, StringComparison.Ordinal);
        Assert.DoesNotContain("DispatchCenter", said, StringComparison.Ordinal);
        Assert.DoesNotContain(".NET", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Hours_may_reach_to_midnight()
    {
        var policy = PolicyJson.Parse(Changed("hours/service", "[\"00:00-24:00\"]"), 2);
        Assert.Equal([new DayWindow(0, 1440)], policy.Hours.Service);
    }

    [Fact]
    public void A_limit_that_its_hours_cannot_hold_within_ten_years_is_refused()
    {
        var json = JsonNode.Parse(Changed("hours/service", "[\"08:00-08:01\"]"))!;
        json["limits"]!["S3"]!["accept"] = "100sh";
        Assert.Contains("accept at S3", Assert.Throws<UnusableDocumentException>(() => PolicyJson.Parse(json.ToJsonString(), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told_in_Chinese_and_in_English()
    {
        var mistakes = (DefaultPolicy with { Pack = [], WarnFraction = 2, Categories = [] }).Mistakes().ToArray();
        Assert.True(mistakes.Length >= 5);
        Assert.All(mistakes, m =>
        {
            var (_, zh, en) = Sentences.Find(m.Code);
            Assert.Contains(zh, c => c is >= '一' and <= '龥');
            Assert.DoesNotContain(en, c => c is >= '一' and <= '龥');
        });
        var refused = Assert.Throws<UnusableDocumentException>(() => PolicyJson.Parse(Changed("pack", "[]"), 1));
        Assert.Equal(("应答须为 1–24 项。", "A pack must have 1 to 24 answers."), (refused.Chinese, refused.English));
    }

    private static string Changed(string path, string? instead)
    {
        var root = JsonNode.Parse(DefaultPolicyText())!;
        var steps = path.Split('/');
        var parent = steps[..^1].Aggregate(root, (node, step) => node is JsonArray list ? list[int.Parse(step)]! : node[step]!);
        var last = steps[^1];
        if (parent is JsonArray array) array[int.Parse(last)] = instead is null ? null : JsonNode.Parse(instead);
        else if (instead is null) parent.AsObject().Remove(last);
        else parent[last] = JsonNode.Parse(instead);
        return root.ToJsonString();
    }
}
