using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using FsCheck;
using FsCheck.Fluent;

namespace DispatchCenter.Unit.Register;

/// <summary>Who answers for a door: the nearest place outwards, from door to street, where somebody holds the role then.</summary>
public sealed class ResolveTests
{
    private const string Door = "door", Unit = "unit", Building = "building", Estate = "estate", Grid = "grid:001", Community = "community:01";

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 8, 0, 0, TimeSpan.FromHours(8));
    private static readonly StreetMap Street = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map;
    private static readonly string[] Outwards = [Door, Unit, Building, Estate, Grid, Community, Kinds.Street];
    private static readonly Entry[] Places = [new(Estate, "estate", "E", "E", Grid), new(Building, "building", "B", "B", Estate), new(Unit, "unit", "U", "U", Building), new(Door, "door", "D", "D", Unit)];

    private static readonly Kinds All = new()
    {
        Version = 1, Purposes = [], Roles = [new("keeper", "K", "K", null), new("branch", "B", "B", Kinds.Grid)],
        All = [.. Places.Select(p => new EntryKind(p.Kind, "x", "x", Family.Place, ["grid"], [])), new("body", "x", "x", Family.Body, ["street"], []), new("holding", "x", "x", Family.Holding, ["grid"], []) { Role = "keeper" }],
    };

    private static Entry Body(string code, params Tie[] ties) => new(code, "body", code, code, Kinds.Street) { Ties = [.. ties] };

    private static RegisterMap Map(params IEnumerable<Entry> entries) => new(All, [.. Places, .. entries], Street);

    [Fact]
    public void The_way_leads_from_the_door_to_the_street() => Assert.Equal(Outwards, Map().Outwards(Door));

    [Fact]
    public void The_nearest_holder_answers()
    {
        var map = Map(Body("far", new Tie("keeper", Kinds.Street, null)), Body("near", new Tie("keeper", Building, null)));
        Assert.Equal((Building, "near"), (map.Resolve("keeper", Door, Now)!.Place, map.Resolve("keeper", Door, Now)!.Holders.Single().Code));
        Assert.Equal("far", map.Resolve("keeper", Estate, Now)!.Holders.Single().Code);
        Assert.Null(map.Resolve("branch", Door, Now));
        Assert.Null(map.Resolve("keeper", "nowhere", Now));
    }

    [Fact]
    public void A_holding_holds_the_role_of_its_kind_where_it_stands() =>
        Assert.Equal("h", Map(new Entry("h", "holding", "H", "H", Grid)).Resolve("keeper", Door, Now)!.Holders.Single().Code);

    [Theory]
    [InlineData(-1, null, null, true)]
    [InlineData(0, null, null, true)]
    [InlineData(1, null, null, false)]
    [InlineData(null, 0, null, false)]
    [InlineData(null, 1, null, true)]
    [InlineData(null, null, 0, false)]
    [InlineData(null, null, 1, true)]
    public void Whoever_does_not_count_then_is_passed_over(int? from, int? until, int? expires, bool counts)
    {
        DateTimeOffset? At(int? hours) => hours is { } h ? Now.AddHours(h) : null;
        var map = Map(Body("far", new Tie("keeper", Kinds.Street, null)), Body("near", new Tie("keeper", Door, null)) with { From = At(from), Until = At(until), ExpiresAt = At(expires) });
        Assert.Equal(counts ? "near" : "far", map.Resolve("keeper", Door, Now)!.Holders.Single().Code);
        var tied = Map(Body("far", new Tie("keeper", Kinds.Street, null)), Body("near", new Tie("keeper", Door, null) { From = At(from), Until = At(until ?? expires) }));
        Assert.Equal(counts ? "near" : "far", tied.Resolve("keeper", Door, Now)!.Holders.Single().Code);
    }

    /// <summary>Against a plain search: of all that count then, those at the place of least distance. The order of entries changes nothing.</summary>
    [Fact]
    public void Whatever_is_held_wherever_the_nearest_answer()
    {
        var tie = ArbMap.Default.GeneratorFor<(byte Place, sbyte From, byte Length)>();
        Properties.ForAll(Arb.From(tie.ArrayOf()), ties =>
        {
            var bodies = ties.Select((t, i) => Body($"b{i:000}", new Tie("keeper", Outwards[t.Place % Outwards.Length], null) { From = Now.AddHours(t.From), Until = Now.AddHours(t.From + t.Length) })).ToList();
            var there = bodies.Where(b => b.Ties[0].From <= Now && Now < b.Ties[0].Until).GroupBy(b => Array.IndexOf(Outwards, b.Ties[0].Place)).MinBy(g => g.Key);
            var (ours, turned) = (Map(bodies).Resolve("keeper", Door, Now), Map(Enumerable.Reverse(bodies)).Resolve("keeper", Door, Now));
            Assert.Equal(there is null ? null : Outwards[there.Key], ours?.Place);
            Assert.Equal((there?.Select(b => b.Code) ?? []).Order(StringComparer.Ordinal), (ours?.Holders ?? []).Select(h => h.Code));
            Assert.Equal(ours?.Holders ?? [], turned?.Holders ?? []);
        });
    }

    [Fact]
    public void A_circle_ends()
    {
        var map = new RegisterMap(All, [new Entry("a", "unit", "A", "A", "b"), new Entry("b", "unit", "B", "B", "a")], Street);
        Assert.Equal(RegisterMap.MaxDepth, map.Outwards("a").Count());
        Assert.Null(map.Resolve("keeper", "a", Now));
    }

    [Fact]
    public void Holes_overlaps_lost_places_and_ends_are_found()
    {
        var grids = Street.Grids.Select(g => RegisterMap.Of(g.Code)).ToArray();
        var map = Map(
            Body("one", [.. grids.Skip(1).Select(g => new Tie("branch", g, null))]), Body("two", new Tie("branch", grids[1], null)),
            Body("lost", new Tie("keeper", "grid:999", null)), Body("ends") with { ExpiresAt = Now.AddDays(60) }, Body("later") with { ExpiresAt = Now.AddDays(61) }, Body("over") with { Until = Now, Ties = [new Tie("keeper", "grid:999", null)] });
        var found = RegisterFindings.Of(map, Now).ToList();
        Assert.Equal(grids[0], Assert.Single(found.OfType<RegisterFinding.Hole>()).Place);
        Assert.Equal(["one", "two"], Assert.Single(found.OfType<RegisterFinding.Overlap>()).Holders.Select(h => h.Code));
        Assert.Equal("lost", Assert.Single(found.OfType<RegisterFinding.Nowhere>()).Entry.Code);
        Assert.Equal("ends", Assert.Single(found.OfType<RegisterFinding.Expiring>()).Entry.Code);
    }

    [Theory]
    [InlineData("\u676D\u5DDE\u6EE1\u5C71\u7EFF", "hzmsl")]
    [InlineData("3\u53F7\u697C B", "3hlb")]
    public void First_letters_in_pinyin(string text, string letters) => Assert.Equal(letters, Pinyin.InitialsOf(text));
}
