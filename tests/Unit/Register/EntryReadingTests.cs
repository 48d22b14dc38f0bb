using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Register;

/// <summary>A table of entries: what is right is taken, what is wrong is named by its line, and nothing that hangs on a refused line is taken without it.</summary>
public sealed class EntryReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 8, 0, 0, TimeSpan.FromHours(8));
    private static readonly Kinds All = KindsJson.Parse(RegisterBook.ShippedKinds(), 1);
    private static readonly RegisterNow Empty = Holding([]);

    private static RegisterNow Holding(IEnumerable<Entry> entries) =>
        new(new RegisterMap(All, entries, Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map), FrozenDictionary<string, ImmutableDictionary<string, string>>.Empty, FrozenDictionary<string, int>.Empty);

    /// <param name="cells">column=text, separated by bars.</param>
    private static EntryDraft Draft(int line, string cells) => new(line, cells.Split('|').Select(c => c.Split('=', 2)).ToDictionary(c => c[0], c => c[1]));

    private static (IReadOnlyList<EntryChange> Taken, IReadOnlyList<(EntryDraft Draft, Words Why)> Refused) Read(RegisterNow now, params string[] lines) =>
        new EntryReading(now, Now).Read([.. lines.Select((line, i) => Draft(i + 2, line))]);

    [Theory]
    [InlineData("code=a b|kind=venue|name=V|place=street", "register_code")]
    [InlineData("code=street|kind=venue|name=V|place=street", "register_code")]
    [InlineData("code=new|kind=venue|name=V|place=street", "register_code")]
    [InlineData("code=..|kind=venue|name=V|place=street", "register_code")]
    [InlineData("code=a|kind=castle|name=V|place=street", "register_kind_unknown")]
    [InlineData("code=a|kind=venue|name=|place=street", "register_name")]
    [InlineData("code=a|kind=venue|name=V", "register_place_missing")]
    [InlineData("code=a|kind=venue|name=V|place=moon", "register_place_unknown")]
    [InlineData("code=a|kind=building|name=V|place=street", "register_place_unfit")]
    [InlineData("code=a|kind=building|name=V|place=a", "register_place_unfit")]
    [InlineData("code=a|kind=venue|name=V|place=street|from=soon", "register_day")]
    [InlineData("code=a|kind=venue|name=V|place=street|from=2026-02-30", "register_day")]
    [InlineData("code=a|kind=venue|name=V|place=street|from=2026-03-02|until=2026-03-01", "register_never")]
    [InlineData("code=a|kind=venue|name=V|place=street|holds=keeper", "register_tie")]
    [InlineData("code=a|kind=venue|name=V|place=street|holds=king@street", "register_role_unknown_line")]
    [InlineData("code=a|kind=venue|name=V|place=street|holds=branch@moon", "register_place_unknown")]
    [InlineData("code=a|kind=venue|name=V|place=street|holds=member>club@street", "register_body_unknown")]
    [InlineData("code=a|kind=venue|name=V|place=street|holds=branch@grid:001/2026..", "register_tie")]
    [InlineData("code=a|kind=adviser|name=V|place=community:01", "register_field_missing")]
    [InlineData("code=a|kind=adviser|name=V|place=community:01|person=P|licenceUntil=June", "register_field")]
    [InlineData("code=a|kind=adviser|name=V|place=community:01|person=P|licenceUntil=0026-03-01", "register_field")]
    [InlineData("code=2026-03-02|kind=venue|name=V|place=street", "code_is_day")]
    [InlineData("code=a|kind=merchant|name=V|place=grid:001|tile=luck", "register_field")]
    [InlineData("code=a|kind=branch|name=V|place=community:01|phone=12", "register_field")]
    [InlineData("code=a|kind=branch|name=V|place=community:01|floors=6", "register_field_other")]
    public void A_wrong_line_is_refused_by_its_code(string line, string code)
    {
        var (taken, refused) = Read(Empty, line, "code=good|kind=venue|name=V|place=street");
        Assert.Equal((code, 2), (Assert.Single(refused).Why.Code, refused[0].Draft.Line));
        Assert.Equal("good", Assert.Single(taken).Entry.Code);
    }

    [Fact]
    public void Lines_stand_in_any_order_and_fall_with_what_they_stand_in()
    {
        var (taken, refused) = Read(Empty,
            "code=door|kind=door|name=D|place=unit", "code=unit|kind=unit|name=U|place=building", "code=building|kind=building|name=B|place=grid:001",
            "code=door2|kind=door|name=D|place=unit2", "code=unit2|kind=unit|name=U|place=building2", "code=building2|kind=building|name=B|place=grid:999");
        Assert.Equal(["building", "door", "unit"], taken.Select(t => t.Entry.Code).Order(StringComparer.Ordinal));
        Assert.Equal([5, 6, 7], refused.Select(r => r.Draft.Line));
        Assert.Equal(["register_waits", "register_waits", "register_place_unknown"], refused.Select(r => r.Why.Code)); // only the last has a mistake of its own
        Assert.Contains("line 7", refused[1].Why.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_a_circle_nor_a_second_line_of_one_code_is_taken()
    {
        var deep = Holding([new("e1", "estate", "E", "E", "grid:001"), new("v1", "venue", "V", "V", "e1")]);
        var (taken, refused) = Read(deep, "code=u1|kind=unit|name=U|place=b1", "code=b1|kind=building|name=B|place=e1", "code=b1|kind=building|name=B2|place=e1");
        Assert.Equal(["u1", "b1"], taken.Select(t => t.Entry.Code));
        Assert.Equal("register_twice", Assert.Single(refused).Why.Code);
    }

    [Fact]
    public void What_others_stand_in_ends_with_them_or_not_at_all()
    {
        var now = Holding([new("e1", "estate", "E", "E", "grid:001"), new("b1", "building", "B", "B", "e1")]);
        Assert.Equal("register_hangs", Assert.Single(Read(now, "code=e1|until=2026-11-30").Refused).Why.Code);
        Assert.Empty(Read(now, "code=e1|until=2026-11-30", "code=b1|until=2026-11-30").Refused);
        Assert.Empty(Read(now, "code=e1|until=2027-11-30").Refused); // not over yet
        Assert.Single(new EntryReading(now, Now, anyway: true).Read([Draft(2, "code=e1|until=2026-11-30")]).Taken);
    }

    [Theory]
    [InlineData("street", "street")]
    [InlineData("\u8857\u9053", "street")]
    [InlineData("001", "grid:001")]
    [InlineData("grid:001", "grid:001")]
    [InlineData("\uFF10\uFF11", "community:01")]
    public void A_place_is_written_as_people_write_it(string said, string place) => Assert.Equal(place, Assert.Single(Read(Empty, $"code=a|kind=venue|name=V|place={said}").Taken).Entry.Place);

    [Fact]
    public void Columns_that_are_not_there_leave_what_stands_and_empty_ones_clear_it()
    {
        var before = new Entry("m", "mediation", "M", "M", "street") { Until = Now.AddYears(1), Ties = [new Tie("branch", "grid:001", null)] };
        Assert.True(Assert.Single(Read(Holding([before]), "code=m").Taken).Entry.SameAs(before));
        var cleared = Assert.Single(Read(Holding([before]), "code=m|until=|holds=|hours=").Taken);
        Assert.Null(cleared.Entry.Until);
        Assert.Empty(cleared.Entry.Ties);
        Assert.Null(cleared.Fields["hours"]);
    }

    /// <summary>The demo street's register, as STREET's numbers have it: every grid resolves to exactly one branch.</summary>
    [Fact]
    public void The_demo_register_is_whole()
    {
        var table = Assert.IsType<CsvTable.Usable>(CsvTable.Read(
            new CsvShape("register.csv", RegisterFile.MaxLines, EntryColumns.Code) { Optional = [.. EntryColumns.All.Skip(1), .. All.All.SelectMany(k => k.Fields).Select(f => f.Key).Distinct()] }, _ => DemoRegister.Open()));
        var (taken, refused) = new EntryReading(Empty, Now).Read([.. table.Rows.Select(row => new EntryDraft(row.Line, row.Columns.Keys.ToDictionary(c => c, c => row[c])))]);
        Assert.Empty(refused);
        var map = Holding(taken.Select(t => t.Entry)).Map;
        int Count(string kind) => map.Entries.Count(e => e.Kind == kind);
        Assert.Equal((37, 241, 60, 30, 120, 190, 17, 4), (Count("branch"), Count("line"), Count("council"), Count("partner"), Count("merchant"), Count("volunteer"), Count("adviser"), Count("mediation")));
        Assert.True(Count("door") > 300);
        Assert.Empty(RegisterFindings.Of(map, Now));
        Assert.All(map.Map.Grids, grid => Assert.Single(map.Resolve("branch", RegisterMap.Of(grid.Code), Now)!.Holders));
    }
}
