using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Unit.House;

/// <summary>A module that names what another has named already: the start says which, and stops.</summary>
public sealed class ModuleTests
{
    [Fact]
    public void The_house_as_it_is_names_nothing_twice() => ModuleList.Check(Modules.All);

    [Theory]
    [InlineData("People", null, null, null, "The module People is registered twice")]
    [InlineData("New", "Answer", null, null, "The right Answer is registered twice: by Whistles and New")]
    [InlineData("New", "Public", null, null, "The right Public is registered twice: by New and Kernel")]
    [InlineData("New", null, "roster", null, "The book roster is registered twice: by Street and New")]
    [InlineData("New", null, null, "calls", "The table calls is registered twice: by Ledger and New")]
    public void What_is_named_twice_stops_the_start(string name, string? right, string? book, string? table, string words)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => ModuleList.Check([.. Modules.All, new Newcomer(name, right, book, table)]));
        Assert.StartsWith(words, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public long Id { get; set; }
    }

    private sealed class Newcomer(string name, string? right, string? book, string? table) : Module
    {
        public override string Name => name;

        public override IEnumerable<Right> Rights => right is null ? [] : [new Right(right, Actor.Duty)];

        public override IEnumerable<Book> Books => book is null ? [] : [new Book(book, (_, _) => Task.CompletedTask)];

        public override void MapTables(ModelBuilder model)
        {
            if (table is not null) model.Entity<Row>().ToTable(table).HasKey(r => r.Id);
        }
    }
}
