using System.Reflection;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Unit.Calls;

/// <summary>What the journal says of a change is read back as it was written, by this version and by the next.</summary>
public sealed class DetailTests
{
    /// <summary>One text of every kind. They stand in journals: none may ever change.</summary>
    private static readonly Dictionary<string, Detail> Landed = new()
    {
        ["climbed:community"] = new Detail.Climbed(Rung.Community),
        ["climbed:street"] = new Detail.Climbed(Rung.Street),
        ["rang:team"] = new Detail.Rang(Rung.Team),
        ["skipped:team"] = new Detail.Skipped(Seat.Team),
        ["skipped:communityDesk"] = new Detail.Skipped(Seat.CommunityDesk),
        ["lead:street"] = new Detail.Taken(Rung.Street),
        ["nobodyOnDuty:street"] = new Detail.NobodyOnDuty(Rung.Street),
        ["overtaken"] = new Detail.Overtaken(),
        ["supervised"] = new Detail.Supervised(),
        ["unrated"] = new Detail.Unrated(),
        ["resumed"] = new Detail.Resumed(),
        ["recused:lead"] = new Detail.LeadRecused(),
        ["callerWithdrew"] = new Detail.CallerWithdrew(),
        ["phone:changed"] = new Detail.Phone(PhoneChange.Changed),
        ["phone:removed"] = new Detail.Phone(PhoneChange.Removed),
        ["team:02"] = new Detail.Team(new TeamCode("02")),
        ["from:01"] = new Detail.From(new TeamCode("01")),
        ["to:grid001"] = new Detail.To(new PostId("grid001")),
        ["category:06"] = new Detail.InCategory("06"),
        ["level:S1"] = new Detail.AtLevel(Level.S1),
        ["grid:012"] = new Detail.InGrid(new GridCode("012")),
        ["answer:party-water"] = new Detail.OfAnswer("party-water"),
        ["party:water"] = new Detail.OfParty("water"),
        ["reason:noPower"] = new Detail.ReturnedFor(ReturnReason.NoPower),
        ["reason:outsideCause"] = new Detail.ExemptFor(ExemptionReason.OutsideCause),
        ["minutes:90"] = new Detail.Minutes(90),
        ["until:1773191520000"] = new Detail.Until(DateTimeOffset.FromUnixTimeMilliseconds(1_773_191_520_000)),
        ["petition:suspension"] = new Detail.Petition(PetitionKind.Suspension),
        ["into:W260311-00001"] = new Detail.Into(new CallNo("W260311-00001")),
        ["other:W260311-00002"] = new Detail.Other(new CallNo("W260311-00002")),
        ["child:W260311-00003"] = new Detail.Child(new CallNo("W260311-00003")),
        ["of:W260311-00004"] = new Detail.Of(new CallNo("W260311-00004")),
        ["number:119"] = new Detail.Number("119"),
        ["solved"] = new Detail.Solved(true),
        ["notSolved"] = new Detail.Solved(false),
        ["satisfaction:mostlySatisfied"] = new Detail.Rated(Satisfaction.MostlySatisfied),
        ["outcome:noAnswer"] = new Detail.CalledBack(CallbackResult.NoAnswer),
        ["standard:01-28-1"] = new Detail.ByStandard("01-28-1"),
        ["claimed:1773191520000"] = new Detail.Claimed(DateTimeOffset.FromUnixTimeMilliseconds(1_773_191_520_000)),
        ["via:voice"] = new Detail.Via("voice"),
        ["said:1773191520000"] = new Detail.Said(DateTimeOffset.FromUnixTimeMilliseconds(1_773_191_520_000)),
        ["handed:somewhere:else"] = new Detail.Unknown("handed:somewhere:else"),
    };

    [Fact]
    public void Every_kind_is_written_as_it_always_was_and_read_back()
    {
        Assert.Equal(typeof(Detail).GetNestedTypes(BindingFlags.Public).Select(t => t.Name).Order(), Landed.Values.Select(d => d.GetType().Name).Distinct().Order());
        foreach (var (text, detail) in Landed)
        {
            Assert.Equal(text, Details.Text(detail));
            Assert.Equal(detail, Details.One(text));
        }

        Assert.Equal([.. Landed.Values], Details.Read(Details.Write([.. Landed.Values])));
        Assert.Empty(Details.Read(string.Empty));
    }

    [Theory]
    [InlineData("climbed:moon")]
    [InlineData("climbed:")]
    [InlineData("climbed")]
    [InlineData("level:S9")]
    [InlineData("level:0")]
    [InlineData("claimed:yesterday")]
    [InlineData("claimed:99999999999999999999")]
    [InlineData("reason:")]
    [InlineData(":")]
    [InlineData("")]
    public void What_a_newer_version_wrote_stays_as_it_stands(string text) => Assert.Equal(text, Assert.IsType<Detail.Unknown>(Details.One(text)).Text);

    [Fact]
    public void A_state_has_ended_by_its_type_and_by_its_name_alike()
    {
        string[] all = [.. typeof(CallStates).GetFields().Select(field => (string)field.GetRawConstantValue()!)];
        Assert.Equal(["closed", "declined", "merged", "withdrawn"], all.Where(CallState.HasEnded).Order());
        Assert.Equal(CallState.EndedNames, all.Where(CallState.HasEnded).Order());
        Assert.False(CallState.HasEnded("Closed"));
    }
}
