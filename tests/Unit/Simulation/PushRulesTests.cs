using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class PushRulesTests
{
    [Fact]
    public void A_team_may_be_pushed_its_own_case() => Assert.Null(PushRules.WhyWrong(Make.Member(), Make.Card()));

    [Fact]
    public void Property_staff_may_not_be_pushed_a_property_dispute() =>
        Assert.NotNull(PushRules.WhyWrong(Make.Member(PushRules.Property), Make.Card() with { Category = "23" }));

    [Fact]
    public void Property_staff_may_not_be_pushed_a_case_hidden_from_them() =>
        Assert.NotNull(PushRules.WhyWrong(Make.Member(PushRules.Property), Make.Card() with { Flags = [CallFlags.PropertyRecused] }));

    [Fact]
    public void A_grid_worker_of_the_team_may_be_pushed_a_property_dispute() =>
        Assert.Null(PushRules.WhyWrong(Make.Member(), Make.Card() with { Category = "23" }));

    [Fact]
    public void Another_team_of_the_community_may_not_be_pushed_a_case_that_has_not_climbed() =>
        Assert.NotNull(PushRules.WhyWrong(Make.Member(team: "T02"), Make.Card()));

    [Fact]
    public void Another_team_of_the_community_may_be_pushed_a_case_that_has_climbed() =>
        Assert.Null(PushRules.WhyWrong(Make.Member(team: "T02"), Make.Card() with { Rung = "community" }));

    [Fact]
    public void Another_community_may_not_be_pushed_a_case_that_has_climbed() =>
        Assert.NotNull(PushRules.WhyWrong(Make.Member(team: "T02", community: "02"), Make.Card() with { Rung = "street" }));

    [Fact]
    public void A_grid_worker_of_the_community_may_be_pushed_what_awaits_verification() =>
        Assert.Null(PushRules.WhyWrong(Make.Member(team: "T02"), Make.Card(state: CallStates.Resolved)));

    [Theory]
    [InlineData("police", "01")]
    [InlineData("gridWorker", "02")]
    public void Nobody_else_may_be_pushed_what_awaits_verification(string kind, string community) =>
        Assert.NotNull(PushRules.WhyWrong(Make.Member(kind, "T02", community: community), Make.Card(state: CallStates.Resolved)));

    [Fact]
    public void Only_a_ringing_case_rings_somebody_off_duty()
    {
        var offDuty = Make.Member(onDuty: false);
        Assert.True(PushRules.RingsOffDuty(offDuty, Make.Card()));
        Assert.False(PushRules.RingsOffDuty(offDuty, Make.Card(state: CallStates.Accepted)));
        Assert.False(PushRules.RingsOffDuty(Make.Member(), Make.Card()));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, false)]
    public void A_team_called_to_help_may_be_pushed_the_case_until_it_cannot_come(bool? released, bool may)
    {
        var help = new AnswerCard { Key = "help-T02", Kind = "help", Party = "T02", From = Make.Noon, Due = Make.Noon, Met = false, Breached = false, Required = false, Released = released };
        Assert.Equal(may, PushRules.WhyWrong(Make.Member(team: "T02", community: "02"), Make.Card() with { Answers = [help] }) is null);
        Assert.NotNull(PushRules.WhyWrong(Make.Member(team: "T03", community: "02"), Make.Card() with { Answers = [help] })); // nobody else's
    }
}
