using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.WebEncoders;

namespace DispatchCenter.Web.Kernel;

/// <summary>Host setup for the pages.</summary>
internal static class PagesSetup
{
    private const string Root = "/Features";

    /// <summary>Every page by its path under the root. A page that no module registers stops the start.</summary>
    private static readonly FrozenDictionary<string, PageRow> Rows =
        WebModules.All.SelectMany(m => m.Pages.Select(p => (Path: $"/{m.Name}/{p.Page}", Row: p))).ToFrozenDictionary(p => p.Path, p => p.Row);

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<WordBook>();
        services.AddScoped<Wording>();
        services.AddSingleton<PlaceBook>();
        // Otherwise Razor writes every Chinese character as an eight-byte entity.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(options =>
        {
            options.RootDirectory = Root;
            options.Conventions.AddPageRoute("/Whistles/Whistle", "/g/{grid}");
            options.Conventions.AddPageRoute("/Reports/Brief", "/brief"); // its first address
            options.Conventions.AddFolderApplicationModelConvention("/", StandUnderRow);
            options.Conventions.ConfigureFilter(new FormGate());
            options.Conventions.ConfigureFilter(new BlankAddress());
        });
        return services;
    }

    /// <summary>Language choice, and readable errors for people; other clients get problems. Before routing, which the error page runs again.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseLanguageChoice();
        app.UseThemeChoice();
        app.UseLargeChoice();
        app.UseWhen(IsPage, pages =>
        {
            pages.UseExceptionHandler("/error/500");
            pages.UseStatusCodePagesWithReExecute("/error/{0}");
        });
    }

    /// <summary>Whether the client is a person in a browser, by any method.</summary>
    public static bool IsPage(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !http.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>A blank where an address has a code or a number is no such page. Pages would be handed null for it.</summary>
    private sealed class BlankAddress : IResourceFilter
    {
        public void OnResourceExecuting(ResourceExecutingContext context)
        {
            if (context.RouteData.Values.Values.Any(value => value is string text && string.IsNullOrWhiteSpace(text))) context.Result = new NotFoundResult();
        }

        public void OnResourceExecuted(ResourceExecutedContext context)
        {
        }
    }

    private static void StandUnderRow(PageApplicationModel page)
    {
        // The group around all pages is public, so a forgotten page must fail rather than inherit that.
        if (!Rows.TryGetValue(page.ViewEnginePath, out var row))
            throw new InvalidOperationException($"No module registers the page {page.ViewEnginePath}, so it has no right.");
        page.EndpointMetadata.Add(new Needs(row.Needs));
        if (row.MayBeKept) page.EndpointMetadata.Add(new MayBeKept());
        if (row.SetsUpSecondFactor) page.EndpointMetadata.Add(new SetsUpSecondFactor());
        if (row.TakesFiles) page.EndpointMetadata.Add(new RequestSizeLimitAttribute(PhotoForm.Limit));
        if (row.Limit is { } limit) page.EndpointMetadata.Add(new EnableRateLimitingAttribute(limit));
    }
}
