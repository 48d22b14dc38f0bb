using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Duty;

/// <summary>How a roster comes about and what becomes of it.</summary>
public sealed class RosterStories(SharedStreet shared) : DutyStory(shared), IClassFixture<SharedStreet>
{
    [Fact]
    public async Task A_pattern_makes_the_shifts_of_the_weeks_ahead_and_they_alone_decide_who_is_on_duty()
    {
        await Empty("grid008", "grid009", "grid010", "grid011", "property03", "police03");
        var made = await Ask<RosterTaken>("community02", "/api/roster/patterns", await DayNight("team:03", Tomorrow(), "grid008", "grid009"));
        Assert.Equal((PatternCommands.Horizon * 2, 0, 0), (made.Made, made.Moved, made.Dropped)); // from tomorrow through the horizon
        Assert.False(await OnDuty("grid008"));
        await Reaches(Tomorrow(8) - Moment);
        Assert.False(await OnDuty("grid008"));
        await Reaches(Street.Now + Moment);
        Assert.Equal((true, false), (await OnDuty("grid008"), await OnDuty("grid009")));
        await Reaches(Street.Now.AddHours(12));
        Assert.Equal((false, true), (await OnDuty("grid008"), await OnDuty("grid009"))); // over midnight
        await Reaches(Street.Now.AddHours(11.9));
        Assert.True(await OnDuty("grid009"));
    }

    [Fact]
    public async Task A_later_pattern_moves_what_is_to_come_and_neither_what_runs_nor_what_somebody_has_changed()
    {
        await Ask<RosterTaken>("community02", "/api/roster/patterns", await DayNight("team:04", Tomorrow(), "grid012", "grid013"));
        await Reaches(Tomorrow(12)); // into a running shift
        var before = (await View("community02", "team:04", Street.Now)).Shifts.Where(s => s.Pattern is not null).ToList();
        var running = before.Single(s => s.From <= Street.Now && s.Until > Street.Now);
        var (kept, gone) = (before.First(s => s.From > Street.Now.AddDays(1)), before.First(s => s.From > Street.Now.AddDays(2)));
        await Ask<RosterShift>("community02", $"/api/roster/shifts/{kept.Id}/change", new { post = await Post("police04"), version = kept.Version });
        await Ask<RosterShift>("community02", $"/api/roster/shifts/{gone.Id}/remove", new { version = gone.Version });
        var again = await Ask<RosterTaken>("community02", "/api/roster/patterns", await DayNight("team:04", Street.Now.AddDays(-1), "grid014", "grid015"));
        Assert.True(again.Moved > 0);
        var once = await Ask<RosterTaken>("community02", "/api/roster/generate", new { unit = "team:04" });
        Assert.Equal((0, 0, 0), (once.Made, once.Moved, once.Dropped)); // made anew it is the same
        var after = (await View("community02", "team:04", Street.Now)).Shifts.Where(s => s.Pattern is not null).ToList();
        Assert.Contains(running, after);
        Assert.Equal(await Post("police04"), after.Single(s => s.Id == kept.Id).Post);
        Assert.DoesNotContain(after, s => s.From == gone.From); // nobody else is put where somebody was taken out
        string[] now = [await Post("grid014"), await Post("grid015")];
        Assert.All(after.Where(s => s.From > Street.Now && s.Id != kept.Id), s => Assert.Contains(s.Post, now));
        var lines = (await Look<RosterPage>("community02", "/api/roster/journal?unit=team:04")).Lines;
        Assert.Equal(["changed", "removed"], lines.Where(l => l.Shift is not null).Select(l => l.What).Order());
        Assert.Contains($"was:{kept.Post}", lines.Single(l => l.What == "changed").Detail, StringComparison.Ordinal); // what was before is known
        await Ask<RosterTaken>("community02", "/api/roster/patterns", new { unit = "team:04", code = "main", withdrawn = true });
        var left = (await View("community02", "team:04", Street.Now)).Shifts.Where(s => s.Pattern is not null && s.From > Street.Now);
        Assert.Equal(kept.Id, Assert.Single(left).Id);
    }

    [Fact]
    public async Task A_holiday_that_is_changed_afterwards_moves_the_days_to_come_and_only_them()
    {
        var monday = new DateTimeOffset(2026, 6, 1, 0, 0, 0, WorkCalendar.Offset);
        var office = new
        {
            unit = "team:05", code = "office", start = "2026-06-01", kinds = new[] { new { code = "day", from = "08:30", until = "17:30", days = "working" } },
            cycle = new[] { new[] { "day" } }, crews = new[] { new[] { await Post("grid016") } },
        };
        await Ask<RosterTaken>("duty", "/api/roster/patterns", office);
        await Ask<RosterTaken>("duty", "/api/roster/generate", new { unit = "team:05", fromDay = "2026-06-01", toDay = "2026-06-14" });
        var before = await Rostered();
        Assert.Equal(10, before.Count);
        // The list comes with the program: another one is what the next program finds at its first run of the patterns.
        var other = new WorkCalendar(WorkHours.Default, [new(new DateOnly(2026, 6, 3), false), new(new DateOnly(2026, 6, 6), true)]);
        var done = await Street.Service<Database>().WriteAsync(async db =>
        {
            var row = (await PatternCommands.LatestAsync(db, ["team:05"], CancellationToken.None)).Single(p => p.Code == "office");
            var pattern = Patterns.Read(Patterns.Parse(row.Json), new DutyUnit(row.Unit), _ => true).Value;
            var moves = await new PatternRun(db, Street.Now).MakeAsync(row, pattern, new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 14), other, CancellationToken.None);
            await db.SaveChangesAsync();
            return moves;
        }, CancellationToken.None);
        Assert.Equal((1, 0, 1), done);
        var after = await Rostered();
        Assert.Equal(["06-03", "06-06"], before.Except(after).Concat(after.Except(before)).Select(s => s[..5]).Order());

        async Task<List<string>> Rostered() => [.. (await View("duty", "team:05", monday, 14)).Shifts.Where(s => s.Pattern == "office").Select(s => Wall(s.From))];
    }

    [Fact]
    public async Task One_post_never_has_two_shifts_at_once_whoever_enters_them()
    {
        var (from, until) = (Tomorrow(8), Tomorrow(20));
        var first = await Shift("community03", "grid019", from, until);
        await IsRefused("community03", "/api/roster/shifts", 409, Codes.ShiftOverlaps, new { post = await Post("grid019"), from = from.AddHours(11), until = until.AddHours(2) });
        var second = await Shift("community03", "grid019", until, until.AddHours(12)); // to touch is not to overlap; this one ends the next morning
        await IsRefused("community03", $"/api/roster/shifts/{second.Id}/change", 409, Codes.ShiftOverlaps, new { from = until.AddHours(-1), version = second.Version });
        await IsRefused("community03", $"/api/roster/shifts/{second.Id}/change", 409, Codes.ShiftChanged, new { until = until.AddHours(11), version = second.Version + 1 });
        foreach (var (body, code) in new (object, string)[]
        {
            (new { post = await Post("grid019"), from = until, until = from }, Codes.ShiftInvalid), (new { post = await Post("grid019"), from, until = from.AddHours(25) }, Codes.ShiftInvalid),
            (new { post = await Post("grid019"), from }, Codes.ShiftInvalid), (new { post = await Post("grid019"), from = from.AddDays(500), until = from.AddDays(500).AddHours(1) }, Codes.ShiftInvalid),
        }) await IsRefused("community03", "/api/roster/shifts", 422, code, body);
        // The plan yields to what was entered by hand: of its day shift the rest is made.
        await Ask<RosterShift>("community03", $"/api/roster/shifts/{first.Id}/change", new { until = from.AddHours(4), version = first.Version });
        await Ask<RosterTaken>("community03", "/api/roster/patterns", await DayNight("team:06", from, "grid019", "grid020"));
        Assert.Equal(
            [$"{Wall(from)}-4", $"{Wall(from.AddHours(4))}-8", $"{Wall(until)}-12"],
            (await View("community03", "team:06", from, 1)).Shifts.Where(s => s.Post == first.Post && s.Until is not null).Select(s => $"{Wall(s.From)}-{(s.Until - s.From)!.Value.TotalHours}"));
    }

    [Fact]
    public async Task A_community_rosters_its_own_and_nobody_else_and_members_only_look()
    {
        var (from, until) = (Tomorrow(8), Tomorrow(20));
        await IsRefused("community04", "/api/roster/shifts", 404, Codes.PostUnknown, new { post = await Post("grid020"), from, until });
        await IsRefused("grid023", "/api/roster/shifts", 403, Codes.Forbidden, new { post = await Post("grid023"), from, until });
        await IsRefused("community04", "/api/roster/patterns", 404, Codes.UnitUnknown, await DayNight("team:05", from, "grid016", "grid017"));
        await IsRefused("community04", "/api/roster/patterns", 422, Codes.PatternInvalid, await DayNight("team:07", from, "grid023", "grid016")); // another team's post
        var view = await Look<RosterView>("grid023", "/api/roster");
        Assert.Equal(("team:07", false, "team:07"), (view.Unit, view.MayEdit, Assert.Single(view.Units)));
        (await (await Street.As("grid023")).Read("/api/roster?unit=team:08")).Problem(404, Codes.UnitUnknown);
        Assert.Equal(36 + 17 + 2, (await Look<RosterView>("duty", "/api/roster")).Units.Count);
    }

    [Fact]
    public async Task What_is_over_is_never_rewritten_and_of_what_runs_only_the_end_moves()
    {
        var shift = await Shift("community05", "grid029", Tomorrow(8), Tomorrow(20));
        await Reaches(Tomorrow(10));
        await IsRefused("community05", $"/api/roster/shifts/{shift.Id}/change", 409, Codes.ShiftOver, new { from = Street.Now.AddHours(-1) });
        await IsRefused("community05", $"/api/roster/shifts/{shift.Id}/change", 409, Codes.ShiftOver, new { post = await Post("grid030") });
        Assert.Equal(Tomorrow(-2), (await Ask<RosterShift>("community05", $"/api/roster/shifts/{shift.Id}/change", new { until = Tomorrow(-2) })).Until);
        await Reaches(Tomorrow(-1));
        await IsRefused("community05", $"/api/roster/shifts/{shift.Id}/change", 409, Codes.ShiftOver, new { until = Tomorrow(1) });
        await IsRefused("community05", $"/api/roster/shifts/{shift.Id}/remove", 409, Codes.ShiftOver);
        Assert.Equal(shift.From, Assert.Single(await Rows(db => db.Shifts.Where(s => s.Id == shift.Id))).From);
    }

    [Fact]
    public async Task Sick_leave_cuts_what_runs_and_what_comes_and_no_pattern_puts_it_back()
    {
        await Empty("grid033", "grid034");
        await Ask<RosterTaken>("community05", "/api/roster/patterns", await DayNight("team:10", Tomorrow(), "grid033", "grid034"));
        await Reaches(Tomorrow(12));
        var until = Tomorrow(36).AddHours(2);
        Assert.True(await OnDuty("grid033"));
        await Ask<RosterTaken>("grid033", "/api/duty/leave", new { until, kind = "sick" }); // their own
        Assert.False(await OnDuty("grid033"));
        await Ask<RosterTaken>("community05", "/api/roster/generate", new { unit = "team:10" });
        var view = await View("community05", "team:10", Street.Now);
        Assert.All(view.Shifts.Where(s => s.Post == view.Absences.Single().Post), s => Assert.True(s.Until <= Street.Now || s.From >= until, $"{s.From:O}"));
        Assert.Contains(view.Shifts, s => s.Post == view.Absences[0].Post && s.From >= until);
        Assert.Contains((await Look<RosterPage>("community05", "/api/roster/journal?unit=team:10")).Lines, l => l.What == "sick" && l.Until == until);
    }

    [Fact]
    public async Task With_the_clock_set_back_nothing_is_lost_and_who_is_on_duty_follows_the_clock()
    {
        await Empty("grid037");
        var shift = await Shift("community06", "grid037", Tomorrow(8), Tomorrow(20));
        await Reaches(Tomorrow(8));
        Assert.True(await OnDuty("grid037"));
        var rows = await Rows(db => db.Shifts.OrderBy(s => s.Id).Select(s => $"{s.Id} {s.Post} {s.Version} {s.State}"));
        Street.FastForward(TimeSpan.FromHours(-1));
        await LookAhead();
        await Ask<RosterTaken>("duty", "/api/roster/generate", new { unit = "team:11" });
        Assert.False(await OnDuty("grid037"));
        Street.FastForward(TimeSpan.FromHours(1));
        await LookAhead();
        Assert.True(await OnDuty("grid037"));
        Assert.Equal(rows, await Rows(db => db.Shifts.OrderBy(s => s.Id).Select(s => $"{s.Id} {s.Post} {s.Version} {s.State}")));
        Assert.Equal(shift.Version, (await View("community06", "team:11", Street.Now)).Shifts.Single(s => s.Id == shift.Id).Version);
    }

    [Fact]
    [Trait("Alone", "true")] // held against the clock on the wall
    public async Task A_month_for_36_teams_and_two_desks_is_made_from_patterns_in_under_two_seconds()
    {
        for (var team = 1; team <= 36; team++)
        {
            var posts = (await View("duty", $"team:{team:D2}", Street.Now, 1)).Posts.Where(p => p.Kind != "buildingHead").Select(p => p.Id).ToArray();
            var crews = new[] { 0, 1, 2, 3 }.Select(c => posts.Where((_, i) => i % 4 == c).ToArray());
            await Save($"team:{team:D2}", crews);
        }

        await Save("community:01", [[await Post("community01")], [await Post("community01")]]);
        await Save("street", [[await Post("duty")], [await Post("duty2")]]);
        var (first, last) = (Street.Now.AddDays(210), Street.Now.AddDays(240));
        var began = TimeProvider.System.GetTimestamp();
        var made = await Ask<RosterTaken>("duty", "/api/roster/generate", new { fromDay = Day(first), toDay = Day(last) });
        var took = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"{made.Made} shifts in {took.TotalMilliseconds:F0} ms");
        Assert.True(made.Made >= 36 * 31 * 2, $"{made.Made} shifts");
        Assert.True(took < TimeSpan.FromSeconds(2), $"{made.Made} shifts took {took}");
        Assert.Equal(0, (await Ask<RosterTaken>("duty", "/api/roster/generate", new { fromDay = Day(first), toDay = Day(last) })).Made);

        Task<RosterTaken> Save(string unit, IEnumerable<string[]> crews) => Ask<RosterTaken>("duty", "/api/roster/patterns", new
        {
            unit, code = "month", start = Day(Street.Now.AddDays(200)), kinds = new[] { new { code = "day", from = "08:00", until = "20:00" }, new { code = "night", from = "20:00", until = "08:00" } },
            cycle = new[] { new[] { "day" }, ["night"], [], [] }, crews,
        });
    }
}
