using DispatchCenter.Domain.Duty;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Duty;

public sealed class OnDutyTests
{
    private static readonly Recusal NoProperty = new(Property: true);

    [Fact]
    public void A_grid_worker_property_or_police_makes_a_team_able_to_answer()
    {
        Assert.True(new OnDuty([Worker(1)]).CanAnswer(Team(1), Recusal.None));
        Assert.True(new OnDuty([Property(1)]).CanAnswer(Team(1), Recusal.None));
        Assert.True(new OnDuty([Police(1)]).CanAnswer(Team(1), Recusal.None));
    }

    [Fact]
    public void A_building_head_alone_makes_no_team_able_to_answer() => Assert.False(new OnDuty([Head(1)]).CanAnswer(Team(1), Recusal.None));

    [Fact]
    public void Property_alone_makes_no_team_able_to_answer_a_case_that_is_hidden_from_property()
    {
        Assert.False(new OnDuty([Property(1)]).CanAnswer(Team(1), NoProperty));
        Assert.True(new OnDuty([Property(1), Police(1)]).CanAnswer(Team(1), NoProperty));
    }

    [Fact]
    public void Another_teams_people_do_not_count() => Assert.False(new OnDuty([Worker(2), Desk(1)]).CanAnswer(Team(1), Recusal.None));

    [Fact]
    public void A_desk_is_manned_by_its_own_officers_only()
    {
        var duty = new OnDuty([Desk(1), Leader]);
        Assert.True(duty.CommunityDesk(C1, Recusal.None));
        Assert.False(duty.CommunityDesk(C2, Recusal.None));
        Assert.False(duty.StreetDesk(Recusal.None));
        Assert.True(new OnDuty([StreetDesk]).StreetDesk(Recusal.None));
    }

    [Fact]
    public void Nobody_is_nobody()
    {
        Assert.False(OnDuty.Nobody.StreetDesk(Recusal.None));
        Assert.All(Everybody, post => Assert.False(OnDuty.Nobody.Contains(post.Id)));
    }

    [Fact]
    public void A_post_without_a_team_accepts_for_none() =>
        Assert.All(Everybody, post => Assert.Equal(
            post.Team is not null && post.Kind != PostKind.BuildingHead, post.MayAcceptForTeam));
}
