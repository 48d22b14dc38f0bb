using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Unit.Matters;

/// <summary>Whatever procedure somebody writes, and whatever people and clocks do to a matter of it, these things hold.</summary>
public sealed class MatterWalks
{
    /// <summary>Walks that never get anywhere would prove nothing, so they must reach every kind of change, fact and ending as well.</summary>
    [Fact]
    public void No_sequence_of_commands_and_clocks_breaks_any_procedure_and_everything_happens()
    {
        var (seen, moved, refused) = (new HashSet<string>(), 0, 0);
        Properties.ForAll(MatterWalk.Any, walk =>
        {
            var walker = new MatterWalker(walk);
            walker.Go();
            seen.UnionWith(walker.Seen);
            (moved, refused) = (moved + walker.Moved, refused + walker.Refused);
        }, times: 10_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{moved} moves, {refused} refusals");
        Assert.Equal([], Enum.GetNames<MatterWhat>().Except(seen));
        Assert.Equal([], typeof(Fact).GetNestedTypes().Select(t => t.Name).Except(seen));
        Assert.Equal([], new[] { "done", "passed", "rejected", "noQuorum", "failed", "lapsed", "cancelled", "met", "released", "overdue", "in place" }.Except(seen));
    }
}
