#pragma warning disable CA1822, CS9113, CS1591
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Street;

public sealed class Procedures
{
    public Procedure LatestOf(string code) => throw new UnknownProcedureException(code, 0);

    public Procedure? Find(string code) => null;

    public Procedure Of(string code, int version) => throw new UnknownProcedureException(code, version);
}

internal sealed class UnknownProcedureException(string code, int version) : Exception($"Procedure {code}, version {version}, has not been loaded.");

public sealed class ProcedureBook(Database database)
{
    public Procedures Current { get; } = new();

    public Task LoadAsync(CancellationToken ct) => Task.CompletedTask;
}
