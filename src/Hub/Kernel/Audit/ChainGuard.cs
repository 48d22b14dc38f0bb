using System.Data.Common;
using System.Text.RegularExpressions;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>Stops a statement that would change protected rows past the chain: one that is not of a save, in a write that has not announced them.</summary>
internal sealed partial class ChainGuard : DbCommandInterceptor
{
    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(command, eventData);
        return ValueTask.FromResult(result);
    }

    private static void Check(DbCommand command, CommandEventData data)
    {
        if (data.CommandSource == CommandSource.SaveChanges || data.Context is not DispatchDb { IsWriting: true, Chain: { } chain } db) return;
        foreach (Match written in Written.Matches(command.CommandText))
        {
            if (!chain.Tables.TryGetValue(written.Groups["table"].Value, out var table) || db.Chained?.Knows(table.Table) is true) continue;
            var columns = Column.Matches(written.Groups["set"].Value).Select(m => m.Groups["column"].Value).ToList();
            if (columns.Count > 0 && !columns.Exists(c => table.Columns.Any(known => known.Name == c))) continue; // only what the chain leaves out of the table
            throw new InvalidOperationException($"A statement would change {table.Table} past the audit chain: save the rows instead, or announce them with WillChangeAsync.");
        }
    }

    [GeneratedRegex("""\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+"?(?<table>\w+)"?(?:\s+AS\s+"?\w+"?)?(?:\s+SET\s+(?<set>.*?)(?:\sWHERE\s|\sFROM\s|$))?""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Written { get; }

    [GeneratedRegex("""(?:^|,)\s*(?:"?\w+"?\.)?"?(?<column>\w+)"?\s*=""")]
    private static partial Regex Column { get; }
}
