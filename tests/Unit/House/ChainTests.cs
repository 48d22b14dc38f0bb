using System.Text.RegularExpressions;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Unit.Pages;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Unit.House;

/// <summary>Whatever writes rows by a statement of its own, past the saves that the audit chain sees, is known by name and has its reason.</summary>
public sealed partial class ChainTests
{
    private static readonly Dictionary<string, string> Statements = new()
    {
        ["src/Hub/Ledger/DeskStore.cs"] = "the desk adds its own leaves",
        ["src/Hub/Ledger/DeskPut.cs"] = "the desk's statements",
        ["src/Hub/Kernel/Audit/AuditChain.cs"] = "the links themselves",
        ["src/Hub/Kernel/Audit/ChainOpening.cs"] = "what the chain covers, with leaves",
        ["src/Hub/Kernel/Storage/Migrations.cs"] = "versions of the schema, which the chain leaves out",
        ["src/Hub/Kernel/Storage/DispatchDb.cs"] = "revisions of the books, which the chain leaves out",
        ["src/Hub/Kernel/Storage/PostgresDatabase.cs"] = "a lock, no row",
        ["src/Hub/Ledger/Auditor.cs"] = "announces the row; its place is left out",
        ["src/Hub/Ledger/LedgerModule.cs"] = "idempotency keys, left out",
        ["src/Hub/Ledger/ReachBook.cs"] = "the outbox, left out",
        ["src/Hub/Features/Reach/Outbox.cs"] = "the outbox and three columns of a channel, left out",
        ["src/Hub/Feed/PresenceNotes.cs"] = "presence, left out",
    };

    [Fact]
    public void No_other_file_writes_by_a_statement()
    {
        var found = new[] { "src/Hub", "src/Web" }.SelectMany(room => Sources.Read(room, ".cs")).Where(file => Statement().IsMatch(file.Text)).Select(file => file.Path).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Statements.Keys.Order(StringComparer.Ordinal), found);
    }

    /// <summary>A table is protected unless its module says why not; the list is short on purpose.</summary>
    [Fact]
    public void What_the_chain_leaves_out_is_known()
    {
        var left = Modules.All.SelectMany(m => m.Unchained).Concat(DispatchDb.Unchained).ToList();
        Assert.Equal(["books", "channels.failing_since", "channels.tokens", "channels.tokens_at", "idempotency", "outbox", "station_scans"], left.Order(StringComparer.Ordinal));
        var model = new ModelBuilder();
        foreach (var module in Modules.All) module.MapTables(model);
        var tables = model.Model.GetEntityTypes().Select(e => e.GetTableName()!).Append("books").ToList();
        Assert.Empty(left.Select(name => name.Split('.')[0]).Except(tables)); // no name of a table that is gone
    }

    [GeneratedRegex("""\.Execute(?:Update|Delete|Sql)\w*\(|"\s*(?:INSERT INTO|UPDATE |DELETE FROM)""")]
    private static partial Regex Statement();
}
