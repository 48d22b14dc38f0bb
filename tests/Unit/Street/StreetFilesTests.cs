using System.Text;
using CsvHelper;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Street;

public sealed class StreetFilesTests
{
    private static readonly string LongOutline = string.Join(';', Enumerable.Range(0, 501).Select(i => $"35.{i:D4} 121.{i * i:D6}"));

    /// <summary>Code, file, and the line that is added to the file and refused.</summary>
    public static readonly TheoryData<string, string, string> RefusedLines = new()
    {
        { "broken_quotes", "communities.csv", "03,\"南风,South Wind" },
        { "broken_quotes", "communities.csv", "03,南\"风,South Wind" },
        { "broken_quotes", "communities.csv", "03,\"南\"风,South Wind" },
        { "too_few_fields", "communities.csv", "03,南风" },
        { "too_many_fields", "communities.csv", "03,南风,South Wind, warm" },
        { "code_invalid", "communities.csv", ",南风,South Wind" },
        { "code_invalid", "communities.csv", "0 3,南风,South Wind" },
        { "code_invalid", "communities.csv", "03号,南风,South Wind" },
        { "code_invalid", "communities.csv", "a/b,南风,South Wind" },
        { "code_invalid", "communities.csv", "1234567890123456789012345,南风,South Wind" },
        { "code_duplicate", "communities.csv", "02,南风,South Wind" },
        { "code_duplicate", "grids.csv", $"001,丙,C,01,{SmallStreet.West}" },
        { "code_duplicate", "teams.csv", "01,三队,Three,01,001" },
        { "code_duplicate", "stations.csv", "01,驿站,Station,001" },
        { "code_is_day", "communities.csv", "2026/3/2,南风,South Wind" },
        { "code_is_day", "communities.csv", "2-Mar,南风,South Wind" },
        { "cell_error", "communities.csv", "03,#N/A,South Wind" },
        { "cell_error", "communities.csv", "####,南风,South Wind" },
        { "cell_formula", "communities.csv", "03,=A1,South Wind" },
        { "cell_lost", "communities.csv", "03,??,South Wind" },
        { "cell_lost", "communities.csv", "03,南\uFFFD,South Wind" },
        { "cell_shortened", "communities.csv", "3.70403E+11,南风,South Wind" },
        { "name_missing", "communities.csv", "03,,South Wind" },
        { "name_too_long", "communities.csv", $"03,{new string('风', StreetFiles.MaxNameChars + 1)},South Wind" },
        { "name_too_long", "communities.csv", $"03,南风,{new string('w', StreetFiles.MaxNameChars + 1)}" },
        { "name_unprintable", "communities.csv", "03,南\u200B风,South Wind" },
        { "name_unprintable", "communities.csv", "03,南风,South\u0007Wind" },
        { "street_repeated", "street.csv", "又一街道,Another Street" },
        { "community_unknown", "grids.csv", $"003,丙,C,09,{SmallStreet.West}" },
        { "community_unknown", "teams.csv", "03,三队,Three,09,001" },
        { "grid_unknown", "teams.csv", "03,三队,Three,01,001;009" },
        { "grid_unknown", "stations.csv", "02,驿站,Station,009" },
        { "grid_repeated", "teams.csv", "03,三队,Three,01,001;001" },
        { "grids_missing", "teams.csv", "03,三队,Three,01, ;" },
        { "too_many_grids", "teams.csv", "03,三队,Three,01," + string.Join(';', Enumerable.Range(0, StreetFiles.MaxGridsOfTeam + 1)) },
        { "outline_missing", "grids.csv", "003,丙,C,01," },
        { "outline_unreadable", "grids.csv", "003,丙,C,01,35 121;35.01;35 121.01" },
        { "outline_unreadable", "grids.csv", "003,丙,C,01,35 121;35.01 1e2;35 121.01" },
        { "outline_unreadable", "grids.csv", "003,丙,C,01,35 121;35.01 NaN;35 121.01" },
        { "outline_out_of_range", "grids.csv", "003,丙,C,01,121 35;121.01 35;121 35.01" },
        { "outline_too_few_points", "grids.csv", "003,丙,C,01,35 121;35.01 121;35 121" },
        { "outline_too_many_points", "grids.csv", $"003,丙,C,01,{LongOutline}" },
        { "outline_no_area", "grids.csv", "003,丙,C,01,35 121;35.01 121;35.02 121" },
        { "outline_self_intersecting", "grids.csv", "003,丙,C,01,35 121;35.01 121.01;35 121.01;35.01 121" },
    };

    /// <summary>Code, and the street that is refused as a whole.</summary>
    public static readonly TheoryData<string, Action<SmallStreet>> RefusedStreets = new()
    {
        { "file_missing", s => s.Without("teams.csv") },
        { "file_too_large", s => s.With("teams.csv", new byte[StreetFiles.MaxFileBytes + 1]) },
        { "file_empty", s => s.With("teams.csv", "\uFEFF\r\n\r\n") },
        { "no_table", s => s.With("communities.csv", [.. "code,name,name_en\n01,"u8, 0xFF, 0x00, .. ",East\n"u8]) },
        { "no_table", s => s.With("communities.csv", [.. "%PDF-1.7\n"u8, 0x00, 0xE2, 0xE3]) },
        { "old_workbook", s => s.With("communities.csv", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) },
        { "web_page", s => s.With("communities.csv", "<html><table><tr><td>code") },
        { "encoding_broken", s => s.With("communities.csv", [.. "\uFEFFcode,name,name_en\n01,东风"u8, 0xE4, .. ",East\n"u8]) },
        { "columns_missing", s => s.With("stations.csv", "code;name;grid\n") },
        { "column_repeated", s => s.With("stations.csv", "code,name,name_en,grid,Grid\n") },
        { "too_many_lines", s => s.With("stations.csv", "code,name,name_en,grid\n" + Lines(StreetFiles.MaxStations + 1)) },
        { "nothing_taken", s => s.With("street.csv", "name,name_en\n") },
        { "nothing_taken", s => s.With("communities.csv", "code,name,name_en\n") },
        { "nothing_taken", s => s.With("grids.csv", "code,name,name_en,community,outline\n001,甲,A,01,\n") },
        { "nothing_taken", s => s.With("teams.csv", "code,name,name_en,community,grids\n") },
    };

    [Fact]
    public void The_telephone_of_the_duty_desk_is_kept_and_a_name_in_its_place_is_refused()
    {
        var map = new SmallStreet().With("street.csv", "name,name_en,duty_phone\n试验街道,Test Street,（０６３２） 555 0100\n").Take().Map;
        Assert.Equal("0632-5550100", map.DutyPhone);
        Assert.Equal("0632-5550100", StreetJson.Read(StreetJson.Write(map)).DutyPhone);
        Assert.Equal("12345", new SmallStreet().With("street.csv", "name,name_en,duty_phone\n试验街道,Test Street,12345\n").Take().Map.DutyPhone);
        Assert.Null(new SmallStreet().Take().Map.DutyPhone);
        var of = new SmallStreet().With("communities.csv", "code,name,name_en,duty_phone\n01,东风,East,0632 5550101\n02,西风,West,\n").Take().Map;
        Assert.Equal(["0632-5550101", null], StreetJson.Read(StreetJson.Write(of)).Communities.Select(c => c.DutyPhone));
        var refused = new SmallStreet().With("street.csv", "name,name_en,duty_phone\n街道,Street,夜里打给老王\n试验街道,Test Street,\n").Take();
        Assert.Equal("duty_phone_invalid", Assert.Single(refused.RefusedLines).Why.Code);
    }

    [Theory]
    [MemberData(nameof(RefusedLines))]
    public void A_line_is_refused_with_its_reason_and_stops_no_other(string code, string file, string line)
    {
        var taken = new SmallStreet().Plus(file, line).Plus("stations.csv", "77,后来,After,002").Take();
        var refused = Assert.Single(taken.RefusedLines);
        Assert.Equal((code, file), (refused.Why.Code, refused.File));
        Assert.Equal(file is "stations.csv" or "street.csv" ? 3 : 4, refused.Line);
        Assert.Equal(9, taken.TakenLines);
        Assert.NotNull(taken.Map.FindStation("77"));
        Assert.DoesNotContain('{', refused.Why.Chinese + refused.Why.English);
    }

    [Theory]
    [MemberData(nameof(RefusedStreets))]
    public void An_import_is_refused_as_a_whole_in_words(string code, Action<SmallStreet> spoil)
    {
        var street = new SmallStreet();
        spoil(street);
        var refused = street.Refuse();
        Assert.Contains(refused.Reasons, reason => reason.Code == code && reason.Chinese.Contains(".csv", StringComparison.Ordinal));
        Assert.Equal(0, refused.TakenLines);
    }

    [Fact]
    public void A_file_that_cannot_be_read_refuses_the_import() => Assert.All(
        Assert.IsType<StreetImport.Refused>(StreetFiles.Read(_ => throw new IOException("The disk is gone."))).Reasons,
        reason => Assert.Equal("file_unreadable", reason.Code));

    [Fact]
    public void A_folder_that_is_not_there_lacks_all_five_files() =>
        Assert.Equal(5, Assert.IsType<StreetImport.Refused>(StreetFiles.ReadFolder("no/such/folder")).Reasons.Count(r => r.Code == "file_missing"));

    [Fact]
    public void A_table_that_is_there_in_both_forms_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("dispatch-twice-");
        try
        {
            foreach (var name in (string[])["grids.csv", "grids.xlsx", "teams.xlsx"]) File.WriteAllText(Path.Combine(folder.FullName, name), "code,name\n");
            Assert.Equal("file_twice", Assert.Single(Assert.IsType<StreetImport.Refused>(StreetFiles.ReadFolder(folder.FullName)).Reasons).Code);
            File.Delete(Path.Combine(folder.FullName, "grids.csv"));
            Assert.Contains(Assert.IsType<StreetImport.Refused>(StreetFiles.ReadFolder(folder.FullName)).Reasons, r => r.Chinese.Contains("grids.xlsx", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_is_read_like_the_built_in_demo()
    {
        var folder = Directory.CreateTempSubdirectory("street");
        try
        {
            foreach (var file in new[] { "street", "communities", "grids", "teams", "stations" })
            {
                using var source = typeof(StreetFiles).Assembly.GetManifestResourceStream($"DispatchCenter.Hub.Street.Demo.{file}.csv")!;
                using var copy = File.Create(Path.Combine(folder.FullName, file + ".csv"));
                source.CopyTo(copy);
            }

            var read = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadFolder(folder.FullName)).Map;
            Assert.Equal(StreetJson.Write(Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map), StreetJson.Write(read));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Byte_order_marks_line_ends_quotes_empty_lines_and_the_order_of_columns_do_not_matter()
    {
        var taken = new SmallStreet()
            .With("street.csv", "\uFEFFname,name_en\r试验街道,Test Street\r")
            .With("communities.csv", "\uFEFF\r\nName_EN, Code ,ignored,name\r\n\r\n\"East \"\"Wind\"\", warm\",01,,\"东风\"\r\n"
                + ",,,\r\n  \r\n, 02 ,x, 西风 \r\n,3 4,x,南风")
            .Take();
        Assert.Equal(("01", "东风", "East \"Wind\", warm"), Parts(taken.Map.Communities[0]));
        Assert.Equal(("02", "西风", "西风"), Parts(taken.Map.Communities[1]));
        Assert.Equal(8, Assert.Single(taken.RefusedLines).Line);

        static (string, string, string) Parts(Community c) => (c.Code.Value, c.Name, c.NameEn);
    }

    [Fact]
    public void A_quote_left_open_spoils_its_own_line_and_none_after_it()
    {
        var taken = new SmallStreet()
            .With("communities.csv", "code,name,name_en\n\"01,东风,East\n01,东风,East\n02,\"西\n风\",West\n02,西风,West\n")
            .Take();
        Assert.Equal([(2, "broken_quotes"), (5, "code_duplicate")], taken.RefusedLines.Select(r => (r.Line, r.Why.Code)));
        Assert.Equal(["东风", "西风"], taken.Map.Communities.Select(c => c.Name)); // the second is only wrapped
        var last = new SmallStreet().With("stations.csv", "code,name,name_en,grid\n01,驿站,Station,\"001").Take();
        Assert.Equal("broken_quotes", Assert.Single(last.RefusedLines).Why.Code);
    }

    [Fact]
    public void Zeros_that_a_spreadsheet_dropped_are_given_back_from_the_codes_in_force_or_from_another_table_and_said()
    {
        var (whole, known) = (new SmallStreet().Take().Map, new StreetCodes(["01", "02"], ["001", "002"], ["01", "02"], ["01"], []));
        var street = new SmallStreet().With("communities.csv", "code,name,name_en\n1,东风,East\n2,西风,West\n").With("grids.csv", $"code,name,name_en,community,outline\n1,甲,A,1,{SmallStreet.West}\n2,乙,B,2,{SmallStreet.East}\n")
            .With("teams.csv", "code,name,name_en,community,grids\n1,一队,One,1,001\n2,二队,Two,2,2\n");
        var alone = street.Take(); // the teams' table still has one grid in full
        Assert.Equal(["1", "2", "001", "2"], alone.Map.Communities.Select(c => c.Code.Value).Concat(alone.Map.Grids.Select(g => g.Code.Value)));
        Assert.Equal(("grids.csv", 2, "code_zeros"), (alone.Remarks[0].File, alone.Remarks[0].Line, alone.Remarks[0].Why.Code));
        Assert.Contains(new SmallStreet().With("stations.csv", "code,name,name_en,grid\n9,甲,A,001\n10,乙,B,001\n").Take().Remarks, r => (r.File, r.Line, r.Why.Code) == ("stations.csv", 2, "code_zeros_doubtful"));
        var again = street.Take(known);
        Assert.Equal(whole.Communities.Select(c => c.Code), again.Map.Communities.Select(c => c.Code));
        Assert.Equal(whole.Teams.SelectMany(t => t.Grids), again.Map.Teams.SelectMany(t => t.Grids));
        Assert.All(again.Remarks, r => Assert.Equal("code_zeros", r.Why.Code));
    }

    [Fact]
    public void The_code_of_a_refused_line_is_free_for_a_later_one()
    {
        var taken = new SmallStreet().Plus("communities.csv", "03,,nameless").Plus("communities.csv", "03,南风,South Wind").Take();
        Assert.Equal("name_missing", Assert.Single(taken.RefusedLines).Why.Code);
        Assert.Equal("南风", taken.Map.FindCommunity("03")?.Name);
    }

    [Fact]
    public void A_ring_that_repeats_its_first_point_is_closed_once()
    {
        var taken = new SmallStreet().Plus("grids.csv", "003,丙,C,01,35.02 121;35.02 121.01;35.03 121.01;35.02 121;").Take();
        Assert.Equal(3, taken.Map.FindGrid("003")!.Outline.Length);
    }

    [Fact]
    public void What_a_map_lacks_is_warned_about_and_does_not_refuse_it()
    {
        var taken = new SmallStreet().Plus("communities.csv", "03,南风,South Wind").Plus("grids.csv", $"003,丙,C,01,{SmallStreet.East}").Take();
        Assert.Equal(["grid_without_team", "community_without_team", "outlines_overlap"], taken.Warnings.Select(w => w.Code));
    }

    [Fact]
    public void A_team_s_skills_are_codes_of_categories_in_a_column_that_may_be_missing()
    {
        var codes = string.Join(';', Enumerable.Range(1, ChoiceRules.MaxSkills));
        var taken = new SmallStreet()
            .With("teams.csv", $"code,name,name_en,community,grids,skills\n01,一队,One,01,001,05; 22;05\n02,二队,Two,02,002,\n03,三队,Three,02,002,0 5\n04,四队,Four,02,002,{codes};61\n05,五队,Five,02,002,{codes}\n")
            .Take();
        Assert.Equal([2, 0, ChoiceRules.MaxSkills], taken.Map.Teams.Select(t => t.Skills.Length));
        Assert.Equal(["05", "22"], StreetJson.Read(StreetJson.Write(taken.Map)).Teams[0].Skills);
        Assert.Equal([(4, "skill_invalid"), (5, "too_many_skills")], taken.RefusedLines.Select(r => (r.Line, r.Why.Code)));
        Assert.All(new SmallStreet().Take().Map.Teams, t => Assert.Empty(t.Skills));
    }

    [Fact]
    public void A_station_may_say_where_it_stands_and_a_place_outside_its_grid_is_told()
    {
        var taken = new SmallStreet()
            .With("stations.csv", "code,name,name_en,grid,position\n01,甲,A,001,35.005 121.005\n02,乙,B,001,\n03,丙,C,001,35.0\n04,丁,D,001,95.0 121.0\n05,戊,E,001,35.005 121.015\n06,己,F,001,35.005 121.0105\n")
            .Take();
        Assert.Equal([new GeoPoint(35.005, 121.005), null, new GeoPoint(35.005, 121.015), new GeoPoint(35.005, 121.0105)], taken.Map.Stations.Select(s => s.Position));
        Assert.Equal([(4, "position_invalid"), (5, "position_invalid")], taken.RefusedLines.Select(r => (r.Line, r.Why.Code)));
        Assert.Equal("station_outside_grid", Assert.Single(taken.Warnings).Code); // half a kilometre, not fifty metres
        Assert.Equal(taken.Map.Stations, StreetJson.Read(StreetJson.Write(taken.Map)).Stations);
    }

    [Fact]
    public void A_whole_file_of_lines_up_to_its_limit_is_taken()
    {
        var taken = new SmallStreet().With("stations.csv", "code,name,name_en,grid\n" + Lines(StreetFiles.MaxStations)).Take();
        Assert.Equal(StreetFiles.MaxStations, taken.Map.Stations.Length);
    }

    [Fact]
    public void Words_quote_a_file_briefly_and_without_what_would_move_a_cursor()
    {
        var why = Assert.Single(new SmallStreet().Plus("communities.csv", $"\u001b[2J{new string('x', 10_000)},南风,South").Take().RefusedLines).Why;
        Assert.InRange(why.English.Length, 50, 150);
        Assert.DoesNotContain('\u001b', why.English);
    }

    [Fact]
    public void Every_sentence_is_tried_here_and_says_the_same_blanks_in_both_languages()
    {
        using var table = typeof(StreetFiles).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Kernel.Tables.StreetWords.csv")!;
        using var csv = CsvReader.Create(table, new CsvReaderOptions { Separator = ',' });
        var codes = new List<string>();
        while (csv.Read())
        {
            codes.Add(csv.GetString("code"));
            for (var blank = 0; blank < 4; blank++)
                Assert.Equal(csv.GetString("zh").Contains($"{{{blank}}}"), csv.GetString("en").Contains($"{{{blank}}}"));
        }

        string[] warnings =
        [
            "grid_without_team", "grid_in_two_teams", "team_outside_community", "team_grid_unknown",
            "community_without_team", "station_in_unknown_grid", "station_outside_grid", "outlines_overlap", "more_overlaps",
        ];
        var tried = RefusedLines.Select(row => row.Data.Item1).Concat(RefusedStreets.Select(row => row.Data.Item1)).Concat(warnings).Concat(["binary_workbook", "code_zeros", "code_zeros_doubtful", "columns_missing_in_sheet", "duty_phone_invalid", "locked_workbook", "open_document", "sheets_many", "file_unreadable", "file_twice", "position_invalid", "skill_invalid", "too_many_skills"]);
        Assert.Equal(codes.Order(), tried.Distinct().Order());
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(1, count).Select(n => $"{n},驿站,Station,001\n"));
}
