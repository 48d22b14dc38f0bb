using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>A command line that cannot be meant is answered in one sentence.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "Name a command: run, replay, storm, field, choose, reach, check, again, report.")]
    [InlineData("strom", "There is no command 'strom': the commands are run, replay,")]
    [InlineData("--loud", "There is no option '--loud': the commands are run,")]
    [InlineData("storm --loud", "'storm' has no option '--loud': 'storm --help' lists what it takes.")]
    [InlineData("storm nonsense", "'storm' has no place for 'nonsense'")]
    [InlineData("storm --seed x", "--seed must be a whole number from 0 to 2147483647, not 'x'.")]
    [InlineData("report", "Required argument 'FILE' missing for command: 'report'.")]
    public void What_is_wrong_is_said_in_one_sentence(string line, string said) =>
        Assert.StartsWith(said, Program.Misused(Commands.Root().Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))), StringComparison.Ordinal);

    [Theory]
    [InlineData("run heating --server http://localhost:1 --seed 3 --json a --html b --junit c")]
    [InlineData("run --hours 24 --speed 600")]
    [InlineData("check --target http://localhost:1")]
    [InlineData("again file.json --target http://localhost:1")]
    [InlineData("report file.json --html page.html")]
    public void What_the_manual_shows_is_understood(string line) => Assert.Null(Program.Misused(Commands.Root().Parse(line.Split(' '))));
}
