using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>Tries out and adds procedure documents.</summary>
public sealed class ProcedureCommands(ProcedureBook procedures, PolicyBook policies, StreetBook streets, MatterWorlds worlds)
{
    /// <summary>Adds a version for new matters; open ones keep theirs.</summary>
    public async Task<Outcome<Named>> AddAsync(Staff who, ProcedureRequest request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Document)) return new(Outcome.Of("procedure_document_missing"));
        try
        {
            var added = await procedures.AddAsync(request.Document, who.Id, ct);
            return new Named($"{added.Code} {added.Version}", added.Name, added.NameEn);
        }
        catch (UnusableDocumentException e)
        {
            return new(Refused(e));
        }
    }

    /// <summary>Everything that is wrong with a document; if nothing is, who would be asked at a place, by when, and where each outcome leads. Stores nothing.</summary>
    public Outcome<DryRunView> Try(ProcedureRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Document)) return new(Outcome.Of("procedure_document_missing"));
        if (ProcedureJson.Mistakes(request.Document, policies.Current.Latest) is { Length: > 0 } mistakes)
            return new DryRunView([.. mistakes.Select(m => new MistakeView(m.Member, m.Zh, m.En))], [], []);
        if (request.Grid is { Length: > 0 } at && streets.Map.FindGrid(at) is null) return new(Outcome.Of(Codes.GridUnknown));
        if (request.Community is { Length: > 0 } of && streets.Map.FindCommunity(of) is null) return new(Outcome.Of("community_unknown"));
        var procedure = ProcedureJson.Parse(request.Document, 1, policies.Current.Latest);
        var grid = request.Grid is { Length: > 0 } code ? streets.Map.FindGrid(code) : streets.Map.Grids.FirstOrDefault();
        var community = request.Community is { Length: > 0 } named ? streets.Map.FindCommunity(named)?.Code : grid?.Community;
        var report = DryRun.Of(worlds.Of(procedure), procedure.Place == PlaceKind.Street ? null : community, procedure.Place == PlaceKind.Grid ? grid?.Code : null);
        return new DryRunView(
            [],
            [.. report.Rows.Select(r => new DryRunRow(r.Stage, r.Outcome, [.. r.Asked.Select(a => a.Posts is { } posts ? $"{a.Ask}: {a.Respondent} ({posts})" : $"{a.Ask}: {a.Respondent}")], r.Due, r.Skipped, r.Next))],
            [.. report.Unreached, .. report.Missed]);
    }

    private static Outcome Refused(UnusableDocumentException e)
    {
        var refused = Outcome.Of(Codes.BadRequest, (e.Chinese, e.English));
        return refused with { Message = e.Chinese, MessageEn = e.English };
    }
}
