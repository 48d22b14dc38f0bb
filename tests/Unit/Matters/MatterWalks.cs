using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Unit.Matters;

/// <summary>Whatever procedure somebody writes, and whatever people and clocks do to a matter of it, these things hold.</summary>
public sealed class MatterWalks
{
    private const int Least = 10_000;
    private const int Step = 2_000;
    private const int Most = 100_000;

    /// <summary>Walks that never get anywhere would prove nothing, so they must reach every kind of change, fact and ending as well.</summary>
    [Fact]
    public void No_sequence_of_commands_and_clocks_breaks_any_procedure_and_everything_happens()
    {
        var (seen, moved, refused) = (new HashSet<string>(), 0, 0);
        string[] all =
        [
            .. Enum.GetNames<MatterWhat>(), .. typeof(Fact).GetNestedTypes().Select(t => t.Name),
            "done", "passed", "rejected", "noQuorum", "failed", "lapsed", "cancelled", "met", "released", "overdue", "in place",
        ];
        Walk(Least);
        for (var more = Least; more < Most && all.Except(seen).Any(); more += Step) Walk(Step); // the rarest of them comes about once in 10,000 walks
        TestContext.Current.TestOutputHelper?.WriteLine($"{moved} moves, {refused} refusals");
        Assert.Equal([], all.Except(seen));

        void Walk(int times) => Properties.ForAll(MatterWalk.Any, walk =>
        {
            var walker = new MatterWalker(walk);
            walker.Go();
            seen.UnionWith(walker.Seen);
            (moved, refused) = (moved + walker.Moved, refused + walker.Refused);
        }, times: times);
    }
}
