using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// 代录: an officer records a whistle for someone on the phone or at the counter. If a case of the same category is open in that grid,
/// the officer is asked once whether it is the same; never if someone is in danger. Works without JavaScript.
/// </summary>
public sealed class IntakeModel(CallerCommands desk, PhotoStore photos, PlaceBook around, TimeProvider clock, Wording words) : WhistleForm
{
    /// <summary>The value of <see cref="WhistleForm.Joins"/> that means: a separate matter. Empty: the officer has not been asked yet.</summary>
    public const string Apart = "apart";

    /// <summary>"s:" and a station's code, or "g:" and a grid's.</summary>
    [BindProperty(Name = "place")]
    public string? Place { get; set; }

    /// <summary>phone, counter, or patrol (巡查上报): something an officer saw.</summary>
    [BindProperty(SupportsGet = true, Name = "source")]
    public string? Source { get; set; }

    /// <summary>The unusual number that the officer was asked about: sent once more, it is meant.</summary>
    [BindProperty(Name = "sure")]
    public string? Sure { get; set; }

    [BindProperty(Name = "drill")]
    public bool Drill { get; set; }

    public bool IsPatrol => Source == "patrol";

    public StreetView Street { get; } = around.Street;

    public string? Error { get; private set; }

    /// <summary>Open cases in that grid that might be the same.</summary>
    public IReadOnlyList<NearCall> Near { get; private set; } = [];

    public WhistleReceipt? Receipt { get; private set; }

    /// <summary>The parts of the whistle that were invalid and left out.</summary>
    public IReadOnlyList<string> Left { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    /// <summary>The room the officer came from.</summary>
    public string Back => Access.May(HttpContext.Staff(), WhistleRights.DeskPage) ? "/desk" : "/m";

    private Staff Officer => HttpContext.Staff()!;

    private string? GridCode => Place switch
    {
        ['s', ':', .. var code] => Street.Stations.FirstOrDefault(s => s.Code == code)?.Grid,
        ['g', ':', .. var code] => Street.Grids.FirstOrDefault(g => g.Code == code)?.Code,
        _ => null,
    };

    public IActionResult OnGet()
    {
        if (Officer.Post?.Grid is { } own)
            Place = "g:" + own.Value;
        return Show(StatusCodes.Status200OK);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var unusual = !Danger && Sure != Phone && Phones.OfPerson(Phone) is { IsUnusual: true } ? Outcome.Of(Phones.Unusual) : null;
        if (unusual is not null)
            Sure = Phone;
        // Everything missing at once: the caller is on the line.
        string?[] missing =
        [
            GridCode is null ? words["intake.placeMissing"] : null,
            string.IsNullOrEmpty(Category) ? words["whistle.chooseOne"] : null,
            Source is not ("phone" or "counter" or "patrol") ? words["intake.sourceMissing"] : null,
            unusual is null ? null : words.Pick(unusual.Message, unusual.MessageEn),
        ];
        var wrong = await PhotoForm.KeepAsync(photos, Photos, Files, HttpContext, Key ?? "", words, ct);
        if (GridCode is not { } grid || missing.Any(one => one is not null))
            return Again(string.Join(' ', [.. missing.OfType<string>(), .. wrong is null ? Array.Empty<string>() : [wrong]]));
        if (string.IsNullOrEmpty(Joins) && !Danger && !await desk.HasBlownAsync(Key, Officer, ct))
        {
            Near = [.. (await around.Similar.NearAsync(grid, ct, Officer)).Where(call => call.Category == Category)];
            if (Near.Count > 0)
                return Show(StatusCodes.Status200OK);
        }

        var outcome = await desk.BlowAsync(Request(), Key, ct, Officer);
        if (outcome is { Ok: true, Value: { } receipt })
        {
            Receipt = receipt;
            Left = LeftOut.Of(receipt, wrong is not null);
            return Show(StatusCodes.Status200OK);
        }

        if (outcome.Code is Codes.IdempotencyKeyReused or Codes.IdempotencyKeyInvalid)
            Key = null;
        Error = words.Pick(outcome.Message, outcome.MessageEn);
        return Show(outcome.Status);
    }

    private new WhistleRequest Request()
    {
        var whistle = At(Place![0] == 's' ? Place[2..] : null, Place[0] == 'g' ? Place[2..] : null);
        return whistle with { Source = Source, Drill = Drill, Anyway = Sure is not null && Sure == Phone ? true : null, Joins = whistle.Joins == Apart ? null : whistle.Joins };
    }

    private PageResult Again(string error)
    {
        Error = error;
        return Show(StatusCodes.Status422UnprocessableEntity);
    }

    private PageResult Show(int status)
    {
        Response.StatusCode = status;
        Now = clock.GetUtcNow();
        if (string.IsNullOrEmpty(Key))
            Key = NewKey();
        return Page();
    }
}
