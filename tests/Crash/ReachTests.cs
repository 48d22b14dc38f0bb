using System.Reflection;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Platforms;
using Xunit;

namespace DispatchCenter.Crash;

/// <summary>People are reached over 企业微信, calls, texts and Web Push that fail in every published way, while the host is killed; <c>simulator reach</c> does the same at length.</summary>
public sealed class ReachTests(ITestOutputHelper output)
{
    private const int Calls = 60;

    [Fact]
    public async Task Each_person_is_told_once_or_reported_and_each_case_has_one_winner_over_faulty_platforms_and_a_kill()
    {
        using var said = new StringWriter();
        var program = typeof(ReachTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "WebProgram").Value!;
        var run = new RunOptions { Command = "reach", Title = "reach", Boards = 0, Seed = 1, Targets = [], Password = RunOptions.DefaultPassword, Drain = TimeSpan.Zero };
        var summary = await ReachRun.RunAsync(run, new ReachOptions(Calls, Faults: 0.3, Kills: 1, Seed: 1, program), said, TestContext.Current.CancellationToken);
        output.WriteLine(said.ToString());
        Assert.True(summary.Held, said.ToString());
        Assert.Equal((Calls, Calls), (summary.Sent, summary.Acknowledged));
    }
}
