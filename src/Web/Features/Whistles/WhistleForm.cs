using DispatchCenter.Contracts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What a whistle's form holds, whether a resident fills it in or an officer for somebody on the phone.</summary>
public abstract class WhistleForm : PageModel
{
    [BindProperty(Name = "category")]
    public string? Category { get; set; }

    [BindProperty(Name = "words")]
    public string? Description { get; set; }

    [BindProperty(Name = "danger")]
    public bool Danger { get; set; }

    [BindProperty(Name = "hide")]
    public bool Hide { get; set; }

    [BindProperty(Name = "name")]
    public string? Name { get; set; }

    [BindProperty(Name = "phone")]
    public string? Phone { get; set; }

    /// <summary>Ids of photos that are kept already.</summary>
    [BindProperty(Name = "photo")]
    public List<string> Photos { get; set; } = [];

    /// <summary>Photos as the browser sends them where no script has made them small.</summary>
    [BindProperty(Name = "files")]
    public List<IFormFile> Files { get; set; } = [];

    /// <summary>我也遇到: the number of the open case that this is about as well.</summary>
    [BindProperty(Name = "joins")]
    public string? Joins { get; set; }

    /// <summary>The form's own idempotency key: a double tap is one case.</summary>
    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    protected static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>The form as a whistle at a place. Danger rings by itself at once and joins no other case.</summary>
    protected WhistleRequest At(string? station, string? grid) => new()
    {
        Station = station,
        Grid = grid,
        Category = Category,
        // A form sends each line end as two characters, and the browser has counted it as one.
        Description = string.IsNullOrWhiteSpace(Description) ? null : Description.Trim().ReplaceLineEndings("\n"),
        Danger = Danger,
        HideFromProperty = Hide,
        Photos = Photos.Count > 0 ? Photos : null,
        Contact = string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Phone) ? null : new ContactRequest(Name?.Trim(), Phone?.Trim()),
        Joins = Danger || string.IsNullOrWhiteSpace(Joins) ? null : Joins,
    };
}
