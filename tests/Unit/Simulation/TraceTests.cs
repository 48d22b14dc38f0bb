using System.Text.Json;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public sealed class TraceTests : IDisposable
{
    private const string Password = "a-secret-of-1-street";

    private static readonly RunOptions _options = new()
    {
        Command = "storm",
        Title = "storm",
        Speed = 2,
        Pace = 3,
        Until = TimeSpan.FromMinutes(2),
        Boards = 4,
        TeamWatchers = 5,
        Pages = 6,
        Seed = 7,
        Targets = [new Uri("http://localhost:5080"), new Uri("http://localhost:5081")],
        Password = Password,
        Drain = TimeSpan.Zero,
    };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_written_down_is_blown_again_at_the_same_times_with_the_same_lives()
    {
        var whistles = Scenario.Draw(7, Make.Street(), Arrivals.Poisson(5, TimeSpan.FromMinutes(1), 7), Tempo.Human);
        Write(Make.Evidence() with { Whistles = whistles });
        var again = Trace.Read(_path).Draw();
        Assert.Equal(whistles.Select(Plan), again.Select(Plan));
        Assert.All(again, w => Assert.True(w.IntendedAt == 0 && w.StartedAt == 0 && w.Receipt is null));
    }

    [Fact]
    public void The_load_is_the_old_one_and_the_target_the_new_one()
    {
        Write(Make.Evidence());
        var now = new RunOptions { Command = "again", Title = "again", Boards = 0, Seed = 1, Targets = [new Uri("http://localhost:9")], Password = "", Drain = TimeSpan.Zero };
        var repeated = Trace.Read(_path).Repeat(now);
        Assert.Equal(_options with { Command = now.Command, Title = now.Title, Targets = now.Targets, Password = now.Password }, repeated);
    }

    [Fact]
    public void It_holds_what_became_of_every_whistle_and_answer_and_what_was_broken()
    {
        var given = Make.Whistle(2, callNo: null);
        given.Refusal = "busy";
        var trace = Write(Make.Evidence() with { Whistles = [Make.Whistle(), given] });
        Assert.Equal([(Make.CallNo, null), (null, "busy")], trace.Whistles.Select(w => ((string?)w.CallNo, w.Refusal)));
        Assert.Equal([("accepted", true), ("accepted", false)], trace.Answers.Select(a => (a.What, a.Ok)));
        Assert.Equal(1, trace.Summary.Promises.Single(p => p.Name == "unanswered").Count);
        Assert.Equal(["http://localhost:5080/", "http://localhost:5081/"], trace.Summary.Targets);
    }

    [Theory]
    [InlineData("--password", Password)]
    [InlineData("--password=" + Password)]
    [InlineData("--password:" + Password)]
    public void The_password_is_nowhere_in_it(params string[] arguments)
    {
        Write(Make.Evidence(), ["storm", .. arguments, "--rate", "5"]);
        Assert.DoesNotContain(Password, File.ReadAllText(_path), StringComparison.Ordinal);
        Assert.Equal(["--rate", "5"], Trace.Read(_path).CommandLine.TakeLast(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("created_at\n2026-01-01")]
    public void What_no_run_has_written_down_is_refused(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Throws<BadInputException>(() => Trace.Read(_path));
    }

    [Fact]
    public void A_file_that_does_not_exist_is_refused() => Assert.Throws<BadInputException>(() => Trace.Read(_path + ".nowhere"));

    private static string Plan(Whistle whistle) =>
        $"{whistle.Number} {whistle.Offset} {whistle.Request} {whistle.Team} {whistle.Community} {whistle.PropertyRecused} {whistle.Life}";

    private Trace Write(Evidence evidence, string[]? arguments = null)
    {
        var figures = new RunFigures(false, TimeSpan.FromSeconds(1), 0, 0, 0, new Load(TimeSpan.FromSeconds(1), TimeSpan.Zero, 0, 0, 0));
        var trace = Trace.Of(_options, Summary.Of(_options, evidence, figures), evidence, arguments ?? ["storm"]);
        using (var file = File.Create(_path)) JsonSerializer.Serialize(file, trace, TraceJson.Default.Trace);
        return Trace.Read(_path);
    }
}
